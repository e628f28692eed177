/** What one code of an area's table says. `P` is the shape of the facts the message names. */
export interface ErrorEntry<P> {
  /** Names the thing and where it was configured. */
  readonly message: (facts: P) => string;
  /** What to do about it; ends the message. */
  readonly remedy: string | ((facts: P) => string);
  readonly retriable?: boolean;
  /** HTTP status where REST answers with it. */
  readonly status?: number;
}

/** An error a user can act on: a code, the thing it is about, and a remedy. Printed without a stack trace by the CLI. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: string;
  readonly retriable: boolean;
  readonly status: number;
  /** What to do about it: the last sentence of the message. */
  readonly remedy: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: string, entry: ErrorEntry<never>, facts: Readonly<Record<string, unknown>>, cause?: unknown) {
    const known = facts as never;
    const remedy = typeof entry.remedy === 'string' ? entry.remedy : entry.remedy(known);
    const message = entry.message(known);
    super(`${message}${message.endsWith('\n') ? '' : ' '}${remedy}`.trim(), cause === undefined ? undefined : { cause });
    this.code = code;
    this.retriable = entry.retriable ?? false;
    this.status = entry.status ?? 500;
    this.remedy = remedy;
    this.facts = facts;
  }
}

type Facts<E> = E extends ErrorEntry<infer P> ? P : never;
export type ErrorFactory<P> = (facts: P, cause?: unknown) => SluiceError;

/**
 * Makes one factory per code of an area: `throw kafkaErrors.STORE_OWNED({ folder })`.
 *
 * Codes are `AREA_CODE`, unique in the project because areas are.
 */
export function errorTable<const T extends Record<string, ErrorEntry<never>>>(
  area: string,
  table: T,
): { readonly [K in keyof T]: ErrorFactory<Facts<T[K]>> } {
  const factories: Record<string, ErrorFactory<never>> = {};
  for (const [key, entry] of Object.entries(table)) {
    factories[key] = (facts, cause) => new SluiceError(`${area}_${key}`, entry, facts as Readonly<Record<string, unknown>>, cause);
  }
  return factories as { readonly [K in keyof T]: ErrorFactory<Facts<T[K]>> };
}
