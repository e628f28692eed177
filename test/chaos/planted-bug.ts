import type { Patch } from './patched-copy.ts';

/** Commits the offset of the newest batch that was emitted, whether or not anything of it has settled: the opposite of I1. */
export const commitsTooEarly: Patch = {
  file: 'src/schedule/partition.ts',
  find: '    if (this.revoked) return undefined;\n',
  replace: `    const newest = this.#tail;
    if (newest !== undefined) {
      const { prefix } = newest;
      newest.prefix = newest.count;
      const offset = newest.offset ?? newest.offsetAtWatermark();
      newest.prefix = prefix;
      if (offset !== undefined) return { partition: this.partition, offset, key: this.key, epoch: this.epoch, records: 0 };
    }
`,
};

/** Lets records wait for the write before theirs: the embedded broker stores those that it has together with the offsets, and would hide the bug. */
export const oneWriteAtATime: Patch = {
  file: 'connectors/kafka/sink.ts',
  find: 'const concurrency = 5;\n',
  replace: 'const concurrency = 1;\n',
};
