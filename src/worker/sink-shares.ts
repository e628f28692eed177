import type { SourcePartition } from '../sdk/source.ts';

interface Member {
  /** Number of the last that it was told. */
  number: number;
  /** What it was last told it may read. */
  told: ReadonlySet<string>;
  /** What it may still be reading. */
  holds: ReadonlySet<string>;
}

/** Tells a task what it may read from now on, by a number that grows with each change. */
type Assign = (task: number, number: number, partitions: readonly SourcePartition[]) => void;

/**
 * Divides the partitions that the tasks of a sink read together.
 *
 * A partition moves only when its old task has let go of it, which it does after its commit: no partition is ever with two tasks. Who has a
 * partition keeps it as long as that is fair.
 */
export class SinkShares {
  readonly #assign: Assign;
  readonly #members = new Map<number, Member>();
  #partitions = new Map<string, SourcePartition>();
  #number = 0;

  constructor(assign: Assign) {
    this.#assign = assign;
  }

  /** A task looked for partitions: from then on it takes part. */
  found(task: number, partitions: readonly SourcePartition[]): void {
    if (!this.#members.has(task)) this.#members.set(task, { number: 0, told: new Set(), holds: new Set() });
    this.#partitions = new Map(partitions.map((partition) => [keyOf(partition), partition]));
    this.#settle(task);
  }

  /** A task has taken up what it was told under this number, and let go of everything else. */
  holding(task: number, number: number, partitions: readonly SourcePartition[]): void {
    const member = this.#members.get(task);
    // It takes up what it was told since next: that counts as read until it says so.
    if (member?.number !== number) return;
    member.holds = new Set(partitions.map(keyOf));
    this.#settle();
  }

  /** A task has ended: what it had is free. */
  left(task: number): void {
    if (this.#members.delete(task)) this.#settle();
  }

  /** Tells every task whose share has changed. `asked` is told in any case: it may have begun anew. */
  #settle(asked?: number): void {
    const tasks = [...this.#members.keys()].sort((a, b) => a - b);
    const shares = divideFairly([...this.#partitions.keys()], tasks, (task) => this.#members.get(task)?.told ?? new Set());
    for (const [task, member] of this.#members) {
      const others = [...this.#members].filter(([other]) => other !== task).map(([, { holds }]) => holds);
      const free = (shares.get(task) ?? []).filter((key) => !others.some((holds) => holds.has(key)));
      const next = new Set(free);
      if (task !== asked && equal(next, member.told)) continue;
      member.number = ++this.#number;
      member.told = next;
      // Until it says otherwise it may be reading what it was told before and what it is told now.
      member.holds = new Set([...member.holds, ...next]);
      this.#assign(
        task,
        member.number,
        free.flatMap((key) => {
          const partition = this.#partitions.get(key);
          return partition === undefined ? [] : [partition];
        }),
      );
    }
  }
}

/** As many partitions for each as for any other, give or take one; whoever has one keeps it if that leaves room for all. */
export function divideFairly(
  partitions: readonly string[],
  tasks: readonly number[],
  has: (task: number) => ReadonlySet<string>,
): ReadonlyMap<number, readonly string[]> {
  const shares = new Map<number, string[]>(tasks.map((task) => [task, []]));
  if (tasks.length === 0) return shares;
  const least = Math.floor(partitions.length / tasks.length);
  let larger = partitions.length % tasks.length;
  const left = new Set(partitions);
  // Those that have most are the ones that may have one more.
  const kept = tasks.map((task) => ({ task, keys: partitions.filter((key) => has(task).has(key)) }));
  const room = new Map<number, number>();
  for (const { task, keys } of kept.toSorted((a, b) => b.keys.length - a.keys.length || a.task - b.task)) {
    const more = larger > 0 ? 1 : 0;
    larger -= more;
    room.set(task, least + more);
    for (const key of keys) {
      const share = shares.get(task) ?? [];
      if (share.length < least + more && left.delete(key)) share.push(key);
    }
  }
  for (const key of left) {
    const task = tasks.find((each) => (shares.get(each)?.length ?? 0) < (room.get(each) ?? 0));
    if (task !== undefined) shares.get(task)?.push(key);
  }
  return shares;
}

const keyOf = (partition: SourcePartition): string => JSON.stringify(Object.entries(partition).sort());

const equal = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((key) => b.has(key));
