import { inspect } from 'node:util';
import { SluiceError } from '../errors/error-table.ts';
import { DriverError } from '../kafka/driver.ts';

/** What the process ends with. A signal ends it with 128 + its number, as shells do. */
export const exitCode = { ok: 0, failure: 1, usage: 2 } as const;

/** Prints one line about an error on standard error; the stack and its causes too where the user asked for them. */
export function report(error: unknown, debug: boolean): void {
  process.stderr.write(`sluice: ${debug ? inspect(error) : describe(error)}\n`);
}

function describe(error: unknown): string {
  if (error instanceof SluiceError) return `${error.message} [${error.code}]`;
  if (error instanceof DriverError) return error.message;
  return `${error instanceof Error ? error.message : String(error)} (run again with --debug for the stack trace)`;
}
