import type { Ack } from '../../../src/record/ack.ts';
import type { Core } from './core.ts';
import { outcomeOf } from './forest-model.ts';

const failed = outcomeOf('failed');

/** Ways to use an ack again; each is reported once, and nothing else happens. */
export const misuses: readonly ((core: Core, ack: Ack) => void)[] = [
  (_core, ack) => ack.settle(failed),
  (_core, ack) => ack.settleAt(0, failed),
  ({ fork }, ack) => fork(ack, ['all'])[0]?.settle(failed),
  ({ gather }, ack) => gather([ack], { kind: 'concat' }).settle(failed),
  ({ intercept }, ack) => intercept(ack, { settle: (inner, outcome) => inner.settle(outcome), settleAt: () => {} }).settle(failed),
];
