/**
 * The parts of kafkajs 2.2.4 that we reach beyond its public interface, in our own types.
 *
 * kafkajs is pinned to that version and frozen, which is what makes this tolerable: `checkInternals` says at start when
 * another one is installed, not a missing method in the middle of a run.
 */
import { createRequire } from 'node:module';
import { kafkaErrors } from '../../errors/kafka.ts';

export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  /** Ids of the brokers known from the last metadata. */
  getNodeIds(): number[];
  findBroker(options: { readonly nodeId: number | string }): Promise<Broker>;
  findControllerBroker(): Promise<Broker>;
  readonly brokerPool: { findConnectedBroker(): Promise<Broker> };
}

export interface Broker {
  readonly nodeId: number | string;
  /** What the broker speaks, by API key. */
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>;
  readonly connectionPool: {
    send(call: RawCall): Promise<unknown>;
    readonly pool?: readonly RawConnection[];
    /** 1: the one that fetches; 0: the one of everything else. */
    getConnection?(index: number): Promise<{ send(call: RawCall): Promise<unknown> }>;
  };
}

interface RawConnection {
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
}

/** A request as kafkajs's connections take it. */
export interface RawCall {
  readonly requestTimeout: number;
  readonly logResponseError: boolean;
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    expectResponse(): boolean;
    encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
    /** The same bytes in pieces that are written as they are; a connection that was quickened takes these. */
    parts?(): readonly Uint8Array[];
  };
  readonly response: {
    decode(payload: Buffer): Promise<{ readonly clientSideThrottleTime: number }>;
    parse(decoded: { readonly clientSideThrottleTime: number }): Promise<unknown>;
  };
}

const VERSION = '2.2.4';

/** Methods by module, without which nothing of ours works. */
const needed = {
  'src/cluster/index.js': ['connect', 'disconnect', 'refreshMetadata', 'getNodeIds', 'findBroker', 'findControllerBroker'],
  'src/broker/index.js': ['connect', 'disconnect', 'isConnected'],
  'src/cluster/brokerPool.js': ['findConnectedBroker', 'refreshMetadata'],
  'src/network/connectionPool.js': ['send', 'getConnection'],
  'src/network/connection.js': [
    'connect',
    'disconnect',
    'isConnected',
    'rejectRequests',
    'send',
    'processData',
    'authenticate',
    'isAuthenticated',
    'failIfNotConnected',
    'nextCorrelationId',
  ],
  'src/network/requestQueue/index.js': [
    'push',
    'fulfillRequest',
    'maybeThrottle',
    'checkPendingRequests',
    'scheduleCheckPendingRequests',
    'scheduleRequestTimeoutCheck',
    'destroy',
  ],
} as const;

type Module = keyof typeof needed;
type Load = (path: string) => unknown;

const installed: Load = (path) => createRequire(import.meta.url)(`kafkajs/${path}`);

/** Throws a KAFKA_CLIENT_CHANGED when kafkajs is not the version whose internals these are. */
export function checkInternals(load: Load = installed): void {
  const changed = (what: string, cause?: unknown) => kafkaErrors.CLIENT_CHANGED({ what, version: VERSION }, cause);
  const { version } = load('package.json') as { readonly version?: unknown };
  if (version !== VERSION) throw changed(`it is version ${String(version)}`);
  for (const [path, methods] of Object.entries(needed)) {
    const prototype = prototypeOf(load, path as Module);
    for (const method of methods) if (typeof prototype[method] !== 'function') throw changed(`${path} has no ${method}`);
  }
}

const prototypeOf = (load: Load, path: Module): Record<string, unknown> => {
  const found = load(path) as { readonly prototype?: Record<string, unknown> } | undefined;
  return found?.prototype ?? {};
};

const FETCH = 1;

/**
 * Closes the connection that requests of this API use, failing those under way: an answer that is overdue means that the
 * other side is gone, or that the answer would be taken for another's.
 */
export function dropConnection(broker: Broker, apiKey: number, reason: Error): void {
  const connection = broker.connectionPool.pool?.[apiKey === FETCH ? 1 : 0];
  connection?.rejectRequests(reason);
  connection?.disconnect().catch(() => {});
}

/** The same broker by one of its two connections: 0, which all but fetches use, or 1, which only fetches use. */
export function byConnection(broker: Broker, index: 0 | 1): Broker {
  const { connectionPool } = broker;
  const chosen = connectionPool.pool?.[index];
  const send = async (call: RawCall) => (await connectionPool.getConnection?.(index))?.send(call);
  const pool = chosen === undefined ? [] : [chosen, chosen];
  return { nodeId: broker.nodeId, versions: broker.versions, connectionPool: { send, pool } };
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, SentRequest>;
  readonly requestTimeout: number;
  requestTimeoutIntervalId: NodeJS.Timeout | null;
  isConnected(): boolean;
  destroy(): void;
}

interface SentRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/** How often it is looked for answers that are overdue; a shorter time-out is looked after more often. */
const LOOK_MS = 1_000;

const calmed = Symbol.for('sluice.kafkajs.calmed');

/**
 * Lets idle connections sleep. As released, every connection looks once a millisecond, for ever, whether a request waits
 * that it has held back, and ten times a second whether an answer is overdue; now it looks only while a request waits, and once a
 * second or at a tenth of the time-out.
 */
export function calmRequestQueues(load: Load = installed): void {
  const prototype = prototypeOf(load, 'src/network/requestQueue/index.js');
  const original = prototype['scheduleCheckPendingRequests'];
  if (typeof original !== 'function' || Object.hasOwn(original, calmed)) return;
  const schedule = function (this: RequestQueue): void {
    if (this.pending.length > 0) original.call(this);
  };
  prototype['scheduleCheckPendingRequests'] = Object.assign(schedule, { [calmed]: true });
  prototype['scheduleRequestTimeoutCheck'] = watchTimeouts;
}

function watchTimeouts(this: RequestQueue): void {
  this.destroy();
  const look = () => {
    const now = Date.now();
    for (const request of this.inflight.values()) if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
    if (!this.isConnected()) this.destroy();
  };
  this.requestTimeoutIntervalId = setInterval(look, Math.min(LOOK_MS, Math.max(1, this.requestTimeout / 10)));
}
