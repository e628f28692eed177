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
