import { type PatternPart, parseDatePattern } from './date-pattern.ts';
import { readDate } from './date-reader.ts';
import { formatInstant } from './date-text.ts';
import { utc, type Zone } from './zone.ts';

/**
 * Java's `SimpleDateFormat` in the locale en_US, starting in UTC, with the Julian calendar before 1582.
 *
 * Stateful like the original: a text that names a time zone changes the zone in which later instants are written.
 */
export class SimpleDateFormat {
  readonly #parts: readonly PatternPart[];
  readonly #centuryStart: number;
  #zone: Zone = utc;

  /** `now` (ms) places two-digit years: they lie between 80 years before and 20 years after it. Throws `IllegalPattern`. */
  constructor(pattern: string, now: number) {
    this.#parts = parseDatePattern(pattern);
    const start = new Date(now);
    start.setUTCFullYear(start.getUTCFullYear() - 80);
    this.#centuryStart = start.getTime();
  }

  format(instant: number): string {
    return formatInstant(this.#parts, instant, this.#zone);
  }

  /** Milliseconds since the epoch that the start of `text` says; `undefined`: it does not match the pattern. */
  parse(text: string): number | undefined {
    const reading = readDate(this.#parts, text, this.#zone, new Date(this.#centuryStart).getUTCFullYear());
    if (reading === undefined) return undefined;
    this.#zone = reading.zone;
    const instant = reading.fields.toInstant(this.#zone);
    if (!reading.ambiguousYear || instant >= this.#centuryStart) return instant;
    reading.fields.addYears(100);
    return reading.fields.toInstant(this.#zone);
  }
}
