import type { Outcome } from './outcome.ts';
import type { Port } from './port.ts';

/** Joins above each other that settle by recursion; a higher one waits until the stack has unwound. */
const deepest = 500;

interface Waiting {
  readonly port: Port;
  /** `undefined`: the rest. */
  readonly index: number | undefined;
  readonly outcome: Outcome;
}

let depth = 0;
let waiting: Waiting[] = [];

/** `port.rest` from inside a settle, whatever the number of joins: all have been told when the outermost settle returns. */
export function restAbove(port: Port, outcome: Outcome): void {
  if (depth === deepest) {
    waiting.push({ port, index: undefined, outcome });
    return;
  }
  depth += 1;
  try {
    port.rest(outcome);
  } finally {
    depth -= 1;
    if (depth === 0 && waiting.length > 0) ascend();
  }
}

/** `port.one`, likewise. */
export function oneAbove(port: Port, index: number, outcome: Outcome): void {
  if (depth === deepest) {
    waiting.push({ port, index, outcome });
    return;
  }
  depth += 1;
  try {
    port.one(index, outcome);
  } finally {
    depth -= 1;
    if (depth === 0 && waiting.length > 0) ascend();
  }
}

function ascend(): void {
  while (waiting.length > 0) {
    const next = waiting;
    waiting = [];
    for (const { port, index, outcome } of next) {
      if (index === undefined) restAbove(port, outcome);
      else oneAbove(port, index, outcome);
    }
  }
}
