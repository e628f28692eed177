import { SluiceError } from '../errors/error-table.ts';
import type { Fault } from './messages.ts';

/** An error in the shape that can be sent to the main thread and shown in a status. */
export const faultOf = (error: unknown): Fault => ({
  message: error instanceof Error ? error.message : String(error),
  status: error instanceof SluiceError ? error.status : 500,
  trace: traceOf(error),
});

/** What failed and what to do about it, then where, then what caused it. */
function traceOf(error: unknown): string {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && at !== null && !seen.has(at); at = at instanceof Error ? at.cause : undefined) {
    seen.add(at);
    parts.push(at instanceof Error ? `${named(at)}${frames(at)}` : String(at));
  }
  return `${parts.join('\nCaused by: ')}\n`;
}

/** Messages of Node.js begin with their code. */
function named(error: Error): string {
  const start = `${nameOf(error)}: `;
  return error.message.startsWith(start) ? error.message : start + error.message;
}

/** As Connect users know it where the error says so, else the code that the documentation lists, else the class. */
function nameOf(error: Error): string {
  if ('javaClass' in error && typeof error.javaClass === 'string') return error.javaClass;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The frames of a stack, which begins with the message in as many lines as that has. */
function frames({ stack = '' }: Error): string {
  const at = stack.search(/\n {4}at /);
  return at === -1 ? '' : stack.slice(at);
}
