import { availableParallelism } from 'node:os';
import { runConfig } from '../graph/run-config.ts';
import type { RawConfig } from '../sdk/config.ts';
import { atLeast } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { int, long } from '../sdk/config-kinds.ts';
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
