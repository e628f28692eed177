import type { TopicPartition } from '../../../../src/kafka/driver.ts';
import {
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type MemberMetadata,
} from '../../../../src/kafka/kafkajs/consumer/consumer-protocol.ts';
import type { Broker, RawCall } from '../../../../src/kafka/kafkajs/internals.ts';
import type { Link } from '../../../../src/kafka/kafkajs/link.ts';
import { WireReader, WireWriter } from '../../../../src/kafka/kafkajs/wire.ts';

export const partition = { topic: 't', partition: 0 };

/** A group of one member that is given one partition or what the test says, and a cluster that answers nothing else. */
export class Group {
  generation = 0;
  /** What the next heartbeats are answered. */
  heartbeat = 0;
  joins = true;
  /** The member divides the partitions. */
  leads = false;
  assigned: readonly TopicPartition[] = [partition];
  /** What the member said of itself when it joined. */
  readonly said: MemberMetadata[] = [];
  /** What the next joins are refused with. */
  readonly refusals: number[] = [];
  /** What the next commits are answered; then 0. */
  readonly commits: number[] = [];
  /** Generations of commits. */
  readonly committed: number[] = [];
  /** What the next searches for the coordinator are answered; then 0. */
  searches: number[] = [];
  /** Searches so far. */
  searched = 0;
  /** What the next requests for the assignment are answered; then 0. */
  syncs: number[] = [];
  /** Pause before an attempt is repeated. */
  retryMs = 1;
  /** Heartbeats are answered when this has resolved. */
  beats: Promise<void> = Promise.resolve();
  /** Heartbeats without an answer. */
  beating = 0;
  /** What its clients log. */
  readonly lines: string[] = [];
  readonly links: { closed: boolean }[] = [];

  /** @param ask what it says of topics; default: it does not answer */
  link(ask?: (topics: readonly string[]) => Promise<unknown>): Link {
    const { promise: never, reject } = Promise.withResolvers<never>();
    never.catch(() => {});
    const broker: Broker = {
      nodeId: 1,
      versions: Object.fromEntries([8, 10, 11, 12, 13, 14].map((key) => [key, { minVersion: 0, maxVersion: 7 }])),
      connectionPool: {
        send: (call) => this.#answer(call, never),
        getConnection: async () => ({ send: (call) => this.#answer(call, never) }),
      },
    };
    const opened = { closed: false };
    this.links.push(opened);
    const link = {
      cluster: { brokerPool: { findConnectedBroker: async () => broker }, findBroker: () => never },
      coordinators: new Map(),
      metadata: { ask: ask ?? (() => never), leader: () => undefined, broker: async () => broker },
      settings: {
        retryBackoff: { firstMs: this.retryMs, mostMs: this.retryMs },
        requestTimeoutMs: 1_000,
        callTimeoutMs: 1_000,
        metadataMaxAgeMs: 10_000,
      },
      closed: new AbortController().signal,
      log: (level: string, message: string) => this.lines.push(`${level} ${message}`),
      close: async () => {
        opened.closed = true;
        reject(new Error('The link is closed.'));
      },
    };
    return link as unknown as Link;
  }

  #answer({ request, response }: RawCall, never: Promise<never>): Promise<unknown> {
    const answer = new WireWriter().int32(0);
    if (request.apiKey === 11 && this.joins) {
      const said = metadataOf(bodyOf(request));
      if (said !== undefined) this.said.push(said);
      this.heartbeat = 0;
      const refusal = this.refusals.shift() ?? 0;
      answer
        .int16(refusal)
        .int32(refusal === 0 ? ++this.generation : -1)
        .string('range')
        .string('m')
        .string(this.leads ? 'm' : 'other');
      const members = this.leads && said !== undefined ? [said] : [];
      answer.array(members, (_, each) => answer.string('m').string(null).bytesField(encodeSubscription(each)));
    } else if (request.apiKey === 8) {
      const body = bodyOf(request);
      body.string();
      this.committed.push(body.int32());
      const code = this.commits.shift() ?? 0;
      answer.array(['t'], (_, topic) => answer.string(topic).array([code], () => answer.int32(0).int16(code)));
    } else if (request.apiKey === 10) {
      this.searched++;
      answer
        .int16(this.searches.shift() ?? 0)
        .string(null)
        .int32(1);
    } else if (request.apiKey === 12) answer.int16(this.heartbeat);
    else if (request.apiKey === 13) answer.int16(0).array([], () => {});
    else if (request.apiKey === 14) answer.int16(this.syncs.shift() ?? 0).bytesField(encodeAssignment(this.assigned));
    else return never;
    if (request.apiKey !== 12) return response.decode(answer.bytes);
    this.beating++;
    return this.beats.then(() => {
      this.beating--;
      return response.decode(answer.bytes);
    });
  }
}

const bodyOf = ({ parts }: RawCall['request']): WireReader => new WireReader(Buffer.concat(parts?.() ?? []));

/** Of the first protocol that a JoinGroup offers. */
function metadataOf(join: WireReader): MemberMetadata | undefined {
  join.string();
  join.int32();
  join.int32();
  join.string();
  join.nullableString();
  join.string();
  const [offered] = join.array((reader) => ({ name: reader.string(), metadata: reader.nullableBytes() }));
  return offered?.metadata?.length ? decodeSubscription(offered.metadata) : undefined;
}
