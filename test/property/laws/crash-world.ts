import { ok, deepStrictEqual as same } from 'node:assert/strict';
import { map, type Observable, of, timer, VirtualTimeScheduler } from 'rxjs';
import type { CommittedOffset, OffsetStore } from '../../../src/sdk/source.ts';
import type { Choices } from './choices.ts';

/** One record: its partition, its position there, and what operators have made of it. */
export interface Item {
  readonly name: 'x' | 'y';
  readonly n: number;
  readonly path: string;
}

export const partitions = { x: { name: 'x' }, y: { name: 'y' } } as const;
export const length = 24;

/** Record `n` is dropped by the filter. */
export const isDropped = (n: number) => n % 5 === 3;
/** Record `n` becomes two. */
export const isSplit = (n: number) => n % 4 === 1;
/** No attempt at record `n` succeeds. */
export const isBad = (n: number) => n % 7 === 6;
/** Record `n` fails a few times first. */
export const isFlaky = (n: number) => n % 6 === 2;

/** What must have become durable before an offset behind record `n` may be stored. */
function traces({ name, n }: Pick<Item, 'name' | 'n'>): readonly string[] {
  if (isBad(n)) return [`${name}${n} dead`];
  if (isDropped(n)) return [];
  return isSplit(n) ? [`${name}${n}a`, `${name}${n}b`] : [`${name}${n}`];
}

/** What outlives a crash: the target, the dead letters, and the stored offsets. */
export class World {
  readonly durable = new Set<string>();
  readonly stored = { x: 0, y: 0 };
  readonly scheduler = new VirtualTimeScheduler(undefined, 1_000_000);
  /** Rules broken inside the run, which guards itself against throws. */
  readonly broken: string[] = [];
  readonly #choices: Choices;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** Runs what was planned up to a frame. */
  advance(frame: number): void {
    this.scheduler.maxFrames = frame;
    this.scheduler.flush();
    same(this.broken, []);
  }

  expect(rule: boolean, otherwise: string): void {
    if (!rule) this.broken.push(otherwise);
  }

  /** I1: an offset is stored only when its record and all earlier ones have ended well. */
  check(offsets: readonly CommittedOffset[]): void {
    for (const { partition, offset } of offsets) {
      const name = partition['name'] as Item['name'];
      const position = offset['position'] as number;
      for (let n = 0; n < position; n++) {
        for (const trace of traces({ name, n }))
          this.expect(this.durable.has(trace), `${trace} was lost: ${position} is stored for ${name}`);
      }
    }
  }

  /** Saves take a while, and now and then fail. */
  readonly store: OffsetStore = {
    load: (asked) => of(asked.map(({ name }) => ({ position: this.stored[name as Item['name']] }))),
    save: (offsets): Observable<void> => {
      this.check(offsets);
      const fails = this.#choices.maybe(6);
      return timer(this.#choices.below(8), this.scheduler).pipe(
        map(() => {
          if (fails) throw new Error('store is down');
          for (const { partition, offset } of offsets) {
            const name = partition['name'] as Item['name'];
            same(partition, partitions[name]);
            this.stored[name] = offset['position'] as number;
          }
        }),
      );
    },
  };

  /** I2: the source is told of what is stored, not of more. */
  told(offsets: readonly CommittedOffset[]): void {
    for (const { partition, offset } of offsets) {
      const position = this.stored[partition['name'] as Item['name']];
      this.expect(position >= (offset['position'] as number), `told of ${String(offset['position'])} while ${position} was stored`);
    }
  }

  /** A dead letter is written after a while. */
  deadLetter({ name, n }: Item): Observable<{ readonly kind: 'delivered' }> {
    return timer(this.#choices.below(12), this.scheduler).pipe(
      map(() => {
        this.durable.add(`${name}${n} dead`);
        return { kind: 'delivered' };
      }),
    );
  }

  complete(): void {
    for (const name of ['x', 'y'] as const) {
      same(this.stored[name], length);
      for (let n = 0; n < length; n++) for (const trace of traces({ name, n })) ok(this.durable.has(trace), `${trace} was lost`);
    }
  }
}
