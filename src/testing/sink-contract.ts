import assert from 'node:assert/strict';
import { SluiceError } from '../errors/error-table.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { SinkDefinition } from '../sdk/sink.ts';
import { assertRemedy, type ContractCase, type ContractSkip, eventually, openHandles } from './contract.ts';
import { probeSink, type SinkProbe } from './probe-sink.ts';

/** A sink into something that the test can read. */
export interface SinkUnderTest<R = ConnectRecord> {
  readonly config: RawConfig;
  readonly resources?: ReadonlyMap<string, unknown>;
  /** A record that carries this id. */
  record(id: string): R;
  /** Ids of what was written so far, in order. */
  written(): Promise<readonly string[]>;
  /** A record that the target refuses, if there are such. */
  readonly poison?: () => R;
  /**
   * A config with which nothing can be written, if there is one: opening fails, or every write does, with an error that has a `remedy`, as
   * those of `errorTable` do.
   */
  readonly broken?: RawConfig;
  close(): Promise<void>;
}

interface Bench<R> {
  readonly subject: SinkUnderTest<R>;
  open(config?: RawConfig): Promise<SinkProbe<R>>;
}

interface SinkCase {
  readonly name: string;
  run<R>(bench: Bench<R>): Promise<ContractSkip | undefined | void>;
}

/** What every sink that keeps order does, as cases for any test runner. `setup` is called for each case. */
export function sinkContract<C, R>(definition: SinkDefinition<C, R>, setup: () => Promise<SinkUnderTest<R>>): readonly ContractCase[] {
  return cases.map(({ name, run }) => ({
    name,
    async run() {
      const subject = await setup();
      const probes: SinkProbe<R>[] = [];
      const open = async (config: RawConfig = subject.config) => {
        const { resources } = subject;
        const probe = await probeSink(definition, { config, ...(resources === undefined ? {} : { resources }) });
        probes.push(probe);
        return probe;
      };
      try {
        const answer = await run({ subject, open });
        for (const probe of probes) assert.deepEqual(probe.failures.filter(isMisuse), [], 'no ack was misused (I3)');
        return answer;
      } finally {
        for (const probe of probes) await probe.close();
        await subject.close();
      }
    },
  }));
}

const numbered = (count: number, from = 1): readonly string[] => Array.from({ length: count }, (_, i) => `id-${from + i}`);
const kindsOf = <R>(probe: SinkProbe<R>): readonly string[] => [...new Set([...probe.outcomes.values()].map(({ kind }) => kind))];

const cases: readonly SinkCase[] = [
  {
    name: 'writes every record in order, and settles each once as delivered (I3)',
    async run({ subject, open }) {
      const probe = await open();
      const ids = numbered(500);
      for (let at = 0; at < ids.length; at += 50) probe.write(ids.slice(at, at + 50).map((id) => subject.record(id)));
      await probe.settled();
      assert.deepEqual(await subject.written(), ids);
      assert.equal(probe.outcomes.size, 500);
      assert.deepEqual(kindsOf(probe), ['delivered']);
    },
  },
  {
    name: 'settles a record only when it is written',
    async run({ subject, open }) {
      const probe = await open();
      for (const id of numbered(5)) {
        probe.write([subject.record(id)]);
        await probe.settled();
        assert.equal((await subject.written()).at(-1), id);
      }
    },
  },
  {
    name: 'writes the same however batches are cut (I12)',
    async run({ subject, open }) {
      const probe = await open();
      const ids = numbered(100);
      for (let at = 0, size = 1; at < ids.length; at += size, size = (size * 3) % 7) {
        probe.write(ids.slice(at, at + size).map((id) => subject.record(id)));
      }
      await probe.settled();
      assert.deepEqual(await subject.written(), ids);
    },
  },
  {
    name: 'has settled everything when a flush completes',
    async run({ subject, open }) {
      const probe = await open();
      for (const [index, reason] of (['commit', 'complete', 'stop'] as const).entries()) {
        probe.write(numbered(10, 1 + index * 10).map((id) => subject.record(id)));
        await probe.flush(reason);
        assert.equal(probe.outcomes.size, 10 + index * 10, reason);
      }
      assert.deepEqual(await subject.written(), numbered(30));
    },
  },
  {
    name: 'goes on behind what is there when it is opened again',
    async run({ subject, open }) {
      for (const from of [1, 11]) {
        const probe = await open();
        probe.write(numbered(10, from).map((id) => subject.record(id)));
        await probe.flush('stop');
        await probe.close();
      }
      assert.deepEqual(await subject.written(), numbered(20));
    },
  },
  {
    name: 'lets go of everything when it is closed',
    async run({ subject, open }) {
      const before = openHandles();
      const probe = await open();
      probe.write([subject.record('id-1')]);
      await probe.flush('stop');
      await probe.close();
      await eventually('nothing keeps the process awake', () =>
        Object.entries(openHandles()).every(([kind, count]) => count <= (before[kind] ?? 0)),
      );
    },
  },
  {
    name: 'fails a record that is refused in the middle of a batch, and delivers the others in order',
    async run({ subject, open }) {
      const { poison } = subject;
      if (poison === undefined) return { skipped: 'no record is known that the target refuses' };
      const probe = await open();
      const bad = poison();
      const before = numbered(7).map((id) => subject.record(id));
      const after = numbered(4, 8).map((id) => subject.record(id));
      probe.write([...before, bad, ...after]);
      await probe.settled();
      assert.equal(probe.outcomes.get(bad)?.kind, 'failed');
      for (const record of [...before, ...after]) assert.equal(probe.outcomes.get(record)?.kind, 'delivered');
      assert.deepEqual(await subject.written(), numbered(11));
      return undefined;
    },
  },
  {
    name: 'delivers nothing to a target that refuses everything, and says what to do',
    async run({ subject, open }) {
      const { broken } = subject;
      if (broken === undefined) return { skipped: 'no config is known with which nothing can be written' };
      const probe = await open(broken).catch((error: unknown) => ({ error }));
      if ('error' in probe) {
        assertRemedy(probe.error);
        return undefined;
      }
      probe.write(numbered(3).map((id) => subject.record(id)));
      await probe.settled();
      assert.deepEqual(kindsOf(probe), ['returned']);
      assertRemedy(probe.failures[0]);
      return undefined;
    },
  },
];

const isMisuse = (error: unknown): boolean => error instanceof SluiceError && error.code.startsWith('RECORD_');
