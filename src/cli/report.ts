import { inspect } from 'node:util';
import { SluiceError } from '../errors/error-table.ts';

/** What the process ends with. A signal ends it with 128 + its number, as shells do. */
export const exitCode = { ok: 0, failure: 1, usage: 2 } as const;

/** Prints one line about an error on stderr; the stack and its causes too where the user asked for them. */
export function report(error: unknown, debug: boolean): void {
  process.stderr.write(`${describe(error, debug)}\n`);
}

function describe(error: unknown, debug: boolean): string {
  if (debug) return `sluice: ${inspect(error)}`;
  if (error instanceof SluiceError) return `sluice: ${error.message} [${error.code}]`;
  const message = error instanceof Error ? error.message : String(error);
  return `sluice: ${message} (run again with --debug for the stack trace)`;
}
