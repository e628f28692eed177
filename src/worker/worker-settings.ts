import { availableParallelism } from 'node:os';
import type { RawConfig } from '../sdk/config.ts';
import { atLeast } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { boolean, int, long, string } from '../sdk/config-kinds.ts';
import { parseConfig } from '../sdk/define.ts';

/** Keys of a worker that say how it runs connectors. */
export const workerConfig = config({
  'task.threads': int({
    default: availableParallelism(),
    doc: 'Threads that tasks share. Default: the number of cores.',
    checks: [atLeast(1)],
  }),
  'task.liveness.timeout.ms': long({
    default: 10_000,
    doc: 'After how long without a sign of life a thread counts as blocked: the task that blocks it fails, the others move.',
    checks: [atLeast(40)],
  }),
  'task.shutdown.graceful.timeout.ms': long({
    default: 5_000,
    importance: 'low',
    doc: 'How long all tasks that are stopped together may take, in milliseconds.',
    checks: [atLeast(0)],
  }),
});

/** Keys that a connector may set, and a worker for all of its connectors. */
export const runConfig = config({
  'tasks.max.enforce': boolean({ default: true, doc: 'Whether a connector that makes more tasks than tasks.max fails.' }),
  'task.isolation': string({
    default: 'shared',
    oneOf: ['shared', 'dedicated'],
    doc: 'dedicated: every task of the connector has a thread of its own.',
  }),
  'task.heap.max': int({
    default: 0,
    doc: 'Most megabytes of heap of each of those threads; 0: no limit of its own. Needs task.isolation=dedicated.',
    checks: [atLeast(0)],
  }),
  'restart.policy': string({
    default: 'never',
    oneOf: ['never', 'on-failure'],
    doc: 'Whether what fails is started again. Kafka Connect never does.',
  }),
  'restart.attempts': int({ default: 10, doc: 'Restarts in a row before it stays FAILED; -1: no limit.', checks: [atLeast(-1)] }),
  'restart.backoff.ms': long({ default: 1_000, doc: 'Wait before the first restart; it doubles with each.', checks: [atLeast(0)] }),
  'restart.backoff.max.ms': long({ default: 60_000, doc: 'Longest wait between restarts.', checks: [atLeast(0)] }),
  'restart.reset.ms': long({
    default: 300_000,
    doc: 'After running for so long, earlier failures count no more.',
    checks: [atLeast(0)],
  }),
});

type ConfigFrom<D> = D extends { parse(raw: RawConfig): infer R }
  ? Extract<R, { readonly problems: readonly [] }> extends { readonly value: infer C }
    ? C
    : never
  : never;
export type WorkerSettings = ConfigFrom<typeof workerConfig>;
export type RunSettings = ConfigFrom<typeof runConfig>;

/** Fails with every key that is wrong. */
export const workerSettings = (worker: RawConfig): WorkerSettings => parseConfig({ name: 'worker', config: workerConfig }, worker);

/** What the connector says, else the worker. */
export const runSettings = (worker: RawConfig, connector: RawConfig): RunSettings =>
  parseConfig({ name: 'connector', config: runConfig }, { ...worker, ...connector });
