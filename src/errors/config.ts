import { errorTable } from './error-table.ts';

/** Errors of configurations that code gives. */
export const configErrors = errorTable('CONFIG', {
  INVALID: {
    message: ({ plugin, problems }: { plugin: string; problems: readonly { key: string; message: string }[] }) =>
      `Config of ${plugin} is invalid${problems.map(({ key, message }) => `\n  at ${key}: ${message}`).join('')}\n`,
    remedy: ({ plugin }: { plugin: string }) => `Run: sluice plugins ${plugin}`,
    status: 400,
  },
});
