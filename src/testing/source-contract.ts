import assert from 'node:assert/strict';
import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { SourceDefinition, SourceOffset, SourcePartition } from '../sdk/source.ts';
import { assertRemedy, type ContractCase, type ContractSkip, eventually, openHandles } from './contract.ts';
import { type Emitted, type ProbeOptions, probeSource, type SourceProbe } from './probe-source.ts';

/** A source of something that the test can fill. */
export interface SourceUnderTest<R = ConnectRecord> {
  readonly config: RawConfig;
  readonly resources?: ReadonlyMap<string, unknown>;
  /** Makes a record of each id available, in this order. Several partitions are welcome: the order is kept within each. */
  produce(ids: readonly string[]): Promise<void>;
  /** The id that a record was made of. */
  idOf(record: R): string;
  /** A config with which the source must fail, if there is one: with an error that has a `remedy`, as those of `errorTable` do. */
  readonly broken?: RawConfig;
  close(): Promise<void>;
}

interface Bench<R> {
  readonly subject: SourceUnderTest<R>;
  open(options?: Partial<ProbeOptions>): SourceProbe<R>;
  ids(emitted: readonly Emitted<R>[]): readonly string[];
}

interface SourceCase {
  readonly name: string;
  run<R>(bench: Bench<R>): Promise<ContractSkip | undefined | void>;
}

/** What every source does, as cases for any test runner. `setup` is called for each case. */
export function sourceContract<C, R>(
  definition: SourceDefinition<C, R>,
  setup: () => Promise<SourceUnderTest<R>>,
): readonly ContractCase[] {
  return cases.map(({ name, run }) => ({
    name,
    async run() {
      const subject = await setup();
      const probes: SourceProbe<R>[] = [];
      const open = (options: Partial<ProbeOptions> = {}) => {
        const { config, resources } = subject;
        const probe = probeSource(definition, { config, ...(resources === undefined ? {} : { resources }), ...options });
        probes.push(probe);
        return probe;
      };
      try {
        return await run({ subject, open, ids: (emitted) => emitted.map(({ record }) => subject.idOf(record)) });
      } finally {
        for (const probe of probes) probe.close();
        await subject.close();
      }
    },
  }));
}

const numbered = (count: number, from = 1): readonly string[] => Array.from({ length: count }, (_, i) => `id-${from + i}`);
const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();
const shortly = () => new Promise((resolve) => setTimeout(resolve, 50));
const keyOf = (partition: SourcePartition): string => JSON.stringify(partition);

function byPartition<R>(emitted: readonly Emitted<R>[]): ReadonlyMap<string, readonly Emitted<R>[]> {
  return Map.groupBy(emitted, ({ partition }) => keyOf(partition));
}

const cases: readonly SourceCase[] = [
  {
    name: 'emits every record once, in the order of its partition (I5)',
    async run({ subject, open, ids }) {
      await subject.produce(numbered(100));
      const probe = open();
      await probe.until(100);
      await shortly();
      assert.deepEqual(sorted(ids(probe.emitted)), sorted(numbered(100)));
      for (const emitted of byPartition(probe.emitted).values()) {
        const numbers = ids(emitted).map((id) => Number(id.slice(3)));
        assert.deepEqual(
          numbers,
          [...numbers].sort((a, b) => a - b),
        );
      }
    },
  },
  {
    name: 'emits what arrives while it runs',
    async run({ subject, open, ids }) {
      await subject.produce(numbered(1));
      const probe = open();
      await probe.until(1);
      await subject.produce(numbered(5, 2));
      assert.deepEqual(sorted(ids(await probe.until(6))), sorted(numbered(6)));
    },
  },
  {
    name: 'goes on behind the stored offset of any record, and repeats nothing before it',
    async run({ subject, open, ids }) {
      await subject.produce(numbered(12));
      const first = open();
      await first.until(12);
      first.close();
      for (const [partition, emitted] of byPartition(first.emitted)) {
        for (const [index, { offset }] of emitted.entries()) {
          if (offset === undefined) continue; // told for the last of a batch only
          const stored = JSON.parse(JSON.stringify(offset)) as SourceOffset;
          const probe = open({ offsetOf: (asked) => (keyOf(asked) === partition ? stored : null) });
          const done = new Set(emitted.slice(0, index + 1));
          const expected = ids(first.emitted.filter((one) => !done.has(one)));
          await probe.until(expected.length);
          await subject.produce([`later-${index}`]);
          await probe.until(expected.length + 1);
          probe.close();
          const again = ids(probe.emitted).filter((id) => !id.startsWith('later'));
          assert.deepEqual(sorted(again), sorted(expected), `behind record ${index + 1} of ${partition}`);
        }
      }
    },
  },
  {
    name: 'tells an offset at least for the last record of each batch',
    async run({ subject, open }) {
      await subject.produce(numbered(20));
      const probe = open();
      await probe.until(20);
      for (const batch of probe.batches) assert.ok(batch.offset ?? batch.offsetAt?.(batch.records.length - 1));
    },
  },
  {
    name: 'emits nothing without demand, and no more than demand plus one emission (I4)',
    async run({ subject, open, ids }) {
      await subject.produce(numbered(40));
      const probe = open({ room: 0 });
      await shortly();
      assert.equal(probe.emitted.length, 0);
      for (let allowed = 5; probe.emitted.length < 40; allowed += 5) {
        probe.allow(5);
        await probe.until(Math.min(allowed, 40));
        await shortly();
        const last = probe.batches.at(-1)?.records.length ?? 0;
        assert.ok(probe.emitted.length - last < allowed, `${probe.emitted.length} records with demand for ${allowed}`);
      }
      assert.deepEqual(sorted(ids(probe.emitted)), sorted(numbered(40)));
    },
  },
  {
    name: 'emits the same records however demand cuts them (I12)',
    async run({ subject, open, ids }) {
      await subject.produce(numbered(30));
      const probe = open({ room: 0 });
      for (let allowed = 0, step = 1; probe.emitted.length < 30; step = 1 + (step % 3)) {
        allowed += step;
        probe.allow(step);
        await probe.until(Math.min(allowed, 30));
      }
      await shortly();
      assert.deepEqual(sorted(ids(probe.emitted)), sorted(numbered(30)));
    },
  },
  {
    name: 'starts anew at each subscription',
    async run({ subject, open, ids }) {
      await subject.produce(numbered(5));
      const both = [open(), open()];
      for (const probe of both) assert.deepEqual(sorted(ids(await probe.until(5))), sorted(numbered(5)));
    },
  },
  {
    name: 'completes when the run ends',
    async run({ subject, open }) {
      await subject.produce(numbered(3));
      const probe = open();
      await probe.until(3);
      probe.end('stop');
      await eventually('the source completed', () => probe.ended === 'completed');
    },
  },
  {
    name: 'lets go of everything when it is unsubscribed, while it waits and while it emits',
    async run({ subject, open }) {
      await subject.produce(numbered(3));
      await shortly();
      const before = openHandles();
      const probes = [open(), open({ room: 1 }), open({ room: 0 })];
      await probes[0]?.until(3);
      for (const probe of probes) probe.close();
      open().close();
      await eventually('nothing keeps the process awake', () =>
        Object.entries(openHandles()).every(([kind, count]) => count <= (before[kind] ?? 0)),
      );
      const counts = probes.map(({ emitted }) => emitted.length);
      await subject.produce(numbered(3, 4));
      await shortly();
      assert.deepEqual(
        probes.map(({ emitted }) => emitted.length),
        counts,
      );
    },
  },
  {
    name: 'fails with an error that says what to do, where the config cannot work',
    async run({ subject, open }) {
      const { broken } = subject;
      if (broken === undefined) return { skipped: 'no config is known with which this source fails' };
      const probe = open({ config: broken });
      const ended = await eventually('the source ended', () => probe.ended);
      assert.ok(typeof ended === 'object');
      assertRemedy(ended.error);
      return undefined;
    },
  },
];
