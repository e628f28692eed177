import { setTimeout as wait } from 'node:timers/promises';
import { workerErrors } from '../../errors/worker.ts';
import { type Admin, type Driver, DriverError, type GroupDescription, type GroupOptions } from '../../kafka/driver.ts';
import type { Logger } from '../../telemetry/log.ts';

export interface WorkerGroup extends Pick<GroupOptions, 'groupId' | 'sessionMs' | 'heartbeatMs' | 'rebalanceMs'> {
  /** How the other workers know this one. */
  readonly workerId: string;
  /** How long workers that were killed may still count. */
  readonly patienceMs: number;
}

export interface HoldOptions {
  readonly log: Logger;
  /** Gives the wait for others up. */
  readonly stopped: AbortSignal;
  /** Another worker came at the same time and has the group, or the group refuses this one: it must not go on. */
  readonly onLost: (error: unknown) => void;
}

/** What is needed of a driver. */
export interface GroupDriver extends Pick<Driver, 'group'> {
  admin(): Promise<Pick<Admin, 'describeGroups' | 'close'>>;
}

const againMs = 250;
/** Of Connect's workers. They know no protocol of this name, and are refused as long as this one is a member. */
const protocolType = 'connect';
const protocol = 'sluice';
const INCONSISTENT_GROUP_PROTOCOL = 23;

interface Said {
  readonly worker: string;
  readonly holds: boolean;
}

/**
 * Makes this worker the only one of its group, for as long as the driver is open. Fails when others are there, be they Connect's or ours, and do
 * not go within `patienceMs`.
 *
 * It becomes a member behind its back: a broker may wait for seconds for further ones.
 */
export async function holdGroup(driver: GroupDriver, group: WorkerGroup, options: HoldOptions): Promise<void> {
  const admin = await driver.admin();
  try {
    await othersToGo(admin, group, options);
  } finally {
    await admin.close();
  }
  join(driver, group, options);
}

async function othersToGo(
  admin: Pick<Admin, 'describeGroups'>,
  { groupId, patienceMs }: WorkerGroup,
  { log, stopped }: HoldOptions,
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (let first = true; ; first = false) {
    const [found] = (await admin.describeGroups?.([groupId])) ?? [];
    const members = found?.members.map((member) => nameOf(member, found)) ?? [];
    if (members.length === 0) return;
    if (performance.now() >= until) throw workerErrors.GROUP_TAKEN({ group: groupId, members });
    if (first)
      log.warn({ 'group.id': groupId, members }, 'the group has other workers, or had until they were killed: waiting for them to go');
    await wait(againMs, undefined, { signal: stopped }).catch(() => stopped.throwIfAborted());
  }
}

function join(driver: GroupDriver, { workerId, patienceMs: _, ...group }: WorkerGroup, { onLost, stopped }: HoldOptions): void {
  let holds = false;
  const taken = (by: string) => workerErrors.GROUP_TAKEN({ group: group.groupId, members: [by] });
  const lost = (error: unknown) => {
    const foreign = error instanceof DriverError && error.code === INCONSISTENT_GROUP_PROTOCOL;
    if (!stopped.aborted) onLost(foreign ? taken('one that speaks another protocol, as those of Connect do') : error);
  };
  const joined = driver.group?.({
    ...group,
    protocolType,
    protocols: () => [{ name: protocol, metadata: bytesOf({ worker: workerId, holds }) }],
    assign: (_protocol, members) => {
      const said = members.map(({ memberId, metadata }) => ({ memberId, ...saidIn(metadata) }));
      const holder = bytesOf(said.find((member) => member.holds) ?? said[0]);
      return new Map(said.map(({ memberId }) => [memberId, holder]));
    },
    onAssigned: async ({ memberId, assignment }) => {
      const holder: Said & { readonly memberId: string } = JSON.parse(Buffer.from(assignment).toString());
      holds = holder.memberId === memberId;
      if (!holds) lost(taken(holder.worker));
    },
    onRevoked: async () => undefined,
    onFailed: lost,
  });
  joined?.catch(lost);
}

/** A worker of ours by its id, as long as its group agrees; others as brokers know them. */
function nameOf({ clientId, host, metadata }: GroupDescription['members'][number], group: GroupDescription): string {
  if (group.protocol === protocol && metadata.length > 0) return saidIn(metadata).worker;
  return `${clientId} on ${host.replace(/^\//, '')}`;
}

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const saidIn = (metadata: Uint8Array): Said => JSON.parse(Buffer.from(metadata).toString());
