import { errorTable } from './error-table.ts';

/** Mistakes in what a plugin or a pipeline in code hands to the sdk. */
export const sdkErrors = errorTable('SDK', {
  UNKNOWN_BRANCH: {
    message: ({ name }: { name: string; branches: readonly string[] }) =>
      `route selected the branch ${JSON.stringify(name)}, which does not exist.`,
    remedy: ({ branches }: { branches: readonly string[] }) => `Answer one of ${branches.join(', ')}, or null to drop the record.`,
  },
});
