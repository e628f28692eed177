import { atLeast } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { int, long, string } from '../sdk/config-kinds.ts';
import { mainKeys } from './connector-config.ts';

const watchdog = {
  'task.watchdog.ms': long({
    beyondConnect: true,
    default: 600_000,
    doc: 'Milliseconds after which a record that has not settled fails the task; 0: never.',
    checks: [atLeast(0)],
  }),
};

/** How tasks run and are restarted: keys that Connect does not have. */
const beyondConnect = {
  ...watchdog,
  'task.isolation': string({
    beyondConnect: true,
    default: 'shared',
    oneOf: ['shared', 'dedicated'],
    doc: 'dedicated: every task of the connector has a thread of its own.',
  }),
  'task.heap.max': int({
    beyondConnect: true,
    default: 0,
    doc: 'Most megabytes of heap of each of those threads; 0: no limit of its own. Needs task.isolation=dedicated.',
    checks: [atLeast(0)],
  }),
  'restart.policy': string({
    beyondConnect: true,
    default: 'never',
    oneOf: ['never', 'on-failure'],
    doc: 'Whether what fails is started again. Kafka Connect never does.',
  }),
  'restart.attempts': int({
    beyondConnect: true,
    default: 10,
    doc: 'Restarts in a row before it stays FAILED; -1: no limit.',
    checks: [atLeast(-1)],
  }),
  'restart.backoff.ms': long({
    beyondConnect: true,
    default: 1_000,
    doc: 'Wait before the first restart; it doubles with each.',
    checks: [atLeast(0)],
  }),
  'restart.backoff.max.ms': long({ beyondConnect: true, default: 60_000, doc: 'Longest wait between restarts.', checks: [atLeast(0)] }),
  'restart.reset.ms': long({
    beyondConnect: true,
    default: 300_000,
    doc: 'After running for so long, earlier failures count no more.',
    checks: [atLeast(0)],
  }),
};

/** The same as a configuration of their own, for what tells of them only where they are set. */
export const ownRunConfig = config(beyondConnect);

/** What of it is a setting of the pipeline that a connector becomes. */
export const watchdogConfig = config(watchdog);

/** Keys that a connector may set, and a worker for all of its connectors. */
export const runConfig = config({
  'tasks.max.enforce': mainKeys['tasks.max.enforce'],
  ...beyondConnect,
});
