import { type Assignor, range, roundRobin } from './assignors.ts';
import { cooperativeSticky } from './cooperative-sticky.ts';

interface Strategy {
  readonly assign: Assignor;
  /** Whether members may keep partitions while they join again. */
  readonly cooperative: boolean;
}

/** How a group may divide partitions, by the names under which members offer it. */
export const strategies = {
  range: { assign: range, cooperative: false },
  roundrobin: { assign: roundRobin, cooperative: false },
  'cooperative-sticky': { assign: cooperativeSticky, cooperative: true },
} as const satisfies Readonly<Record<string, Strategy>>;

export type StrategyName = keyof typeof strategies;

/** Whether a member that offers these keeps partitions through a rebalance: as Java's, only if it offers nothing else. */
export const isCooperative = (offered: readonly StrategyName[]): boolean => offered.every((name) => strategies[name].cooperative);

export const assignorOf = (name: string): Assignor | undefined =>
  Object.entries<Strategy>(strategies).find(([known]) => known === name)?.[1].assign;
