import { badRequest, RestError } from '../errors/rest-error.ts';
import { type Admin, DriverError, partitionKey, type TopicPartition } from '../kafka/driver.ts';
import type { PluginHost } from '../plugins/host/plugin-host.ts';
import type { RawConfig } from '../sdk/config.ts';
import { isObject } from '../sdk/offset-json.ts';
import type { CommittedOffset, OffsetChange, SourceOffset, SourcePartition } from '../sdk/source.ts';
import type { ClientOwner } from './client-properties.ts';
import type { ConnectorType } from './connectors.ts';
import type { Lent } from './lend-driver.ts';
import { parseSinkOffsets, type SinkOffset } from './sink-offset-changes.ts';

/** Offsets of source connectors, as they are kept. */
export interface KeptOffsets {
  list(connector: string): Promise<readonly CommittedOffset[]>;
  alter(
    connector: string,
    changes: readonly { readonly partition: SourcePartition; readonly offset: SourceOffset | null }[],
  ): Promise<void>;
}

export interface ConnectorOffsetsOptions {
  readonly sources: KeptOffsets;
  /** Properties of the worker. */
  readonly worker: RawConfig;
  /** Drivers of connectors, for the groups of sinks. */
  readonly lend: (owner: ClientOwner) => Promise<Lent>;
  /** Asks the connector: fails with what is wrong, `false` where it keeps further offsets elsewhere. */
  readonly pluginHost: PluginHost;
}

/** Whose offsets: `config` has its references resolved. */
export interface OffsetOwner {
  readonly name: string;
  readonly type: ConnectorType;
  readonly config: RawConfig;
}

/** Where the connectors of a worker stand, shown and changed as by Connect's REST. Whether one is stopped is its caller's affair. */
export class ConnectorOffsets {
  readonly #options: ConnectorOffsetsOptions;

  constructor(options: ConnectorOffsetsOptions) {
    this.#options = options;
  }

  async list(owner: OffsetOwner): Promise<readonly OffsetChange[]> {
    if (owner.type !== 'sink') return this.#options.sources.list(owner.name);
    const offsets = await this.#withAdmin(owner, (admin) => admin.groupOffsets(this.#groupOf(owner)));
    return Array.from(offsets, ([key, offset]) => ({
      partition: { kafka_partition: Number(key.slice(key.lastIndexOf('-') + 1)), kafka_topic: key.slice(0, key.lastIndexOf('-')) },
      offset: { kafka_offset: offset },
    }));
  }

  /** Answers with what REST says of it. */
  async alter(owner: OffsetOwner, changes: readonly OffsetChange[]): Promise<string> {
    if (owner.type === 'sink') return this.#alterSink(owner, changes);
    const complete = await this.#options.pluginHost.ask('offsets', { config: owner.config, changes });
    for (const { partition, offset } of changes) mustBeFlat({ ...partition }, { ...offset });
    await this.#alterSource(owner, changes);
    return said('altered', complete);
  }

  async reset(owner: OffsetOwner): Promise<string> {
    const known = await this.list(owner);
    const changes = known.map(({ partition }) => ({ partition, offset: null }));
    const complete = await this.#options.pluginHost.ask('offsets', { config: owner.config, changes });
    if (owner.type === 'sink') await this.#withAdmin(owner, (admin) => deleteGroup(admin, this.#groupOf(owner), owner.name));
    else await this.#alterSource(owner, changes);
    return said('reset', complete);
  }

  /** What Connect would write for a partition of null is never looked up. */
  async #alterSource({ name }: OffsetOwner, changes: readonly OffsetChange[]): Promise<void> {
    const written = changes.flatMap(({ partition, offset }) => (partition === null ? [] : [{ partition, offset }]));
    await this.#options.sources.alter(name, written);
  }

  async #alterSink(owner: OffsetOwner, changes: readonly OffsetChange[]): Promise<string> {
    const parsed = parseSinkOffsets(owner.name, changes);
    const complete = await this.#options.pluginHost.ask('offsets', { config: owner.config, changes });
    const group = this.#groupOf(owner);
    await this.#withAdmin(owner, async (admin) => {
      try {
        await write(admin, group, parsed);
      } catch (error) {
        throw new RestError(
          500,
          `Failed to alter consumer group offsets for connector ${owner.name}${stillRunning(error, 'alter')}`,
          error,
        );
      }
    });
    return said('altered', complete);
  }

  #groupOf({ name, config }: OffsetOwner): string {
    const given = config['consumer.override.group.id'] ?? this.#options.worker['consumer.group.id'];
    return typeof given === 'string' ? given : `connect-${name}`;
  }

  async #withAdmin<T>(owner: OffsetOwner, work: (admin: Admin) => Promise<T>): Promise<T> {
    const { driver, close } = await this.#options.lend({ connector: owner.name, config: owner.config });
    try {
      const admin = await driver.admin();
      return await work(admin).finally(() => admin.close());
    } finally {
      await close();
    }
  }
}

/** Refuses what is not to be changed while it runs. */
export const mustBeStopped = (name: string): RestError =>
  badRequest(
    `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
  );

/** Fails on what Connect does not keep as part of an offset. */
function mustBeFlat(...parts: readonly Readonly<Record<string, unknown>>[]): void {
  for (const [field, value] of parts.flatMap((part) => Object.entries(part))) {
    const kind = javaKind(value);
    if (kind !== undefined)
      throw new RestError(500, `Offsets may only contain primitive types as values, but field ${field} contains ${kind}`);
  }
}

const longest = 2n ** 63n;

/** What Java calls a value that is not primitive. */
function javaKind(value: unknown): string | undefined {
  if (Array.isArray(value)) return 'ARRAY';
  if (typeof value === 'bigint') return value >= longest || value < -longest ? 'class java.math.BigInteger' : undefined;
  return isObject(value) && !(value instanceof Number) ? 'MAP' : undefined;
}

async function write(admin: Admin, group: string, changes: readonly SinkOffset[]): Promise<void> {
  const set = changes.flatMap(({ at, offset }) => (offset === null ? [] : [{ at, offset }]));
  await mustExist(
    admin,
    set.map(({ at }) => at),
  );
  if (set.length > 0) await admin.setGroupOffsets(group, new Map(set.map(({ at, offset }) => [partitionKey(at), offset])));
  const gone = changes.flatMap(({ at, offset }) => (offset === null ? [at] : []));
  if (gone.length > 0) await admin.deleteGroupOffsets(group, gone).catch(groupMayBeMissing);
}

/** A broker may take offsets of partitions that do not exist; nobody would ever read on from them. */
async function mustExist(admin: Admin, partitions: readonly TopicPartition[]): Promise<void> {
  const topics = new Map(
    (await admin.describeTopics([...new Set(partitions.map(({ topic }) => topic))])).map((topic) => [topic.name, topic]),
  );
  const missing = partitions.find((at) => !topics.get(at.topic)?.partitions.some(({ partition }) => partition === at.partition));
  if (missing) throw new DriverError('unknown-topic', `There is no partition ${missing.partition} of topic ${missing.topic}.`);
}

async function deleteGroup(admin: Admin, group: string, connector: string): Promise<void> {
  try {
    await admin.deleteGroups([group]).catch(groupMayBeMissing);
  } catch (error) {
    throw new RestError(500, `Failed to reset consumer group offsets for connector ${connector}${stillRunning(error, 'reset')}`, error);
  }
}

const groupIdNotFound = 69;
const nonEmptyGroup = 68;
const unknownMember = 25;

function groupMayBeMissing(error: unknown): void {
  if (!(error instanceof DriverError && error.code === groupIdNotFound)) throw error;
}

function stillRunning(error: unknown, verb: string): string {
  if (!(error instanceof DriverError) || (error.code !== nonEmptyGroup && error.code !== unknownMember)) return '';
  return ` either because its tasks haven't stopped completely yet or the connector was resumed before the request to ${verb} its offsets could be successfully completed. If the connector is in a stopped state, this operation can be safely retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted to get rid of the zombie sink tasks.`;
}

function said(done: 'altered' | 'reset', complete: boolean): string {
  if (complete) return `The offsets for this connector have been ${done} successfully`;
  const rest = `if this connector manages offsets externally, they will need to be manually ${done} in the system that the connector uses.`;
  return `The Connect framework-managed offsets for this connector have been ${done} successfully. However, ${rest}`;
}
