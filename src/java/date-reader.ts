import { CalendarFields, type FieldName, fromIso } from './calendar-fields.ts';
import type { PatternLetter, PatternPart } from './date-pattern.ts';
import { eras, halves, matchName, months, startsWithIgnoringCase, weekdays } from './date-symbols.ts';
import { readInteger } from './decimal-digits.ts';
import { type Zone, zoneOf } from './zone.ts';
import { type ZoneNames, zoneNames } from './zone-names.ts';

/** What a date text says, and the zone it names (which Java's formatter then keeps). */
export interface DateReading {
  readonly fields: CalendarFields;
  readonly zone: Zone;
  /** A two-digit year fell on the year in which the century window starts. */
  readonly ambiguousYear: boolean;
}

/** Reads the start of `text` by a pattern, as leniently as `SimpleDateFormat.parse`; `undefined`: it does not match. */
export function readDate(parts: readonly PatternPart[], text: string, zone: Zone, centuryStartYear: number): DateReading | undefined {
  const reader = new DateReader(text, zone, centuryStartYear);
  for (const [i, part] of parts.entries()) {
    const matched = 'literal' in part ? reader.literal(part.literal) : reader.field(part.letter, part.count, adjoinsNumber(parts[i + 1]));
    if (!matched) return undefined;
  }
  return reader;
}

/** Two number fields without anything between them: the first one takes exactly as many digits as it has letters. */
function adjoinsNumber(next: PatternPart | undefined): boolean {
  if (next === undefined || 'literal' in next) return false;
  if (next.letter === 'M' || next.letter === 'L') return next.count <= 2;
  return !'GEazZX'.includes(next.letter);
}

const numberFields: Partial<Record<PatternLetter, FieldName>> = {
  d: 'day',
  H: 'hour24',
  m: 'minute',
  s: 'second',
  S: 'millisecond',
  D: 'dayOfYear',
  F: 'weekdayInMonth',
  w: 'weekOfYear',
  W: 'weekOfMonth',
  K: 'hour12',
};

class DateReader implements DateReading {
  readonly fields = new CalendarFields();
  zone: Zone;
  ambiguousYear = false;
  readonly #text: string;
  readonly #centuryStart: number;
  #at = 0;

  constructor(text: string, zone: Zone, centuryStartYear: number) {
    this.#text = text;
    this.zone = zone;
    this.#centuryStart = centuryStartYear;
  }

  literal(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  field(letter: PatternLetter, count: number, exactly: boolean): boolean {
    const from = this.#afterBlanks();
    if (from >= this.#text.length) return false;
    switch (letter) {
      case 'G':
        return this.#name('era', eras, 0);
      case 'a':
        return this.#name('amPm', halves, 0);
      case 'E':
        return this.#name('weekday', weekdays, 1);
      case 'M':
      case 'L':
        return count >= 3
          ? this.#name('month', months, 0)
          : this.#number(from, count, exactly, (value) => this.fields.set('month', value - 1));
      case 'y':
      case 'Y':
        return this.#year(letter === 'y' ? 'year' : 'weekYear', from, count, exactly);
      case 'k':
        return this.#number(from, count, exactly, (value) => this.fields.set('hour24', value === 24 ? 0 : value));
      case 'h':
        return this.#number(from, count, exactly, (value) => this.fields.set('hour12', value === 12 ? 0 : value));
      case 'u':
        return this.#number(from, count, exactly, (value) => this.fields.set('weekday', fromIso(value)));
      case 'z':
      case 'Z':
        return this.#namedZone(from);
      case 'X':
        return this.#isoZone(from, count);
      default: {
        const field = numberFields[letter];
        return field !== undefined && this.#number(from, count, exactly, (value) => this.fields.set(field, value));
      }
    }
  }

  #afterBlanks(): number {
    let at = this.#at;
    while (this.#text.charAt(at) === ' ' || this.#text.charAt(at) === '\t') at++;
    return at;
  }

  #number(from: number, count: number, exactly: boolean, take: (value: number) => void): boolean {
    // Blanks before the number count as part of an exact width.
    const end = exactly ? this.#at + count : this.#text.length;
    if (end > this.#text.length) return false;
    const number = readInteger(this.#text, from, end);
    if (number === undefined) return false;
    this.#at = number.end;
    take(number.value);
    return true;
  }

  #year(field: 'year' | 'weekYear', from: number, count: number, exactly: boolean): boolean {
    return this.#number(from, count, exactly, (value) => {
      const twoDigits = count <= 2 && this.#at - from === 2 && /^\p{Nd}{2}$/u.test(this.#text.substring(from, this.#at));
      if (!twoDigits) return this.fields.set(field, value);
      const start = this.#centuryStart % 100;
      this.ambiguousYear = value === start;
      return this.fields.set(field, value + this.#centuryStart - start + (value < start ? 100 : 0));
    });
  }

  #name(field: FieldName, names: readonly string[], first: number): boolean {
    const { index, length } = matchName(names, this.#text, this.#at);
    if (index < 0) return false;
    this.#at += length;
    this.fields.set(field, index + first);
    return true;
  }

  #isoZone(from: number, count: number): boolean {
    const char = this.#text.charAt(from);
    if (char === 'Z') return this.#offset(0, from + 1);
    if (char !== '+' && char !== '-') return false;
    return this.#numericZone(from + 1, char === '+' ? 1 : -1, { colon: count === 3, hoursOnly: count === 1, twoDigits: true });
  }

  #namedZone(from: number): boolean {
    const char = this.#text.charAt(from);
    if (char === '+' || char === '-') {
      return this.#numericZone(from + 1, char === '+' ? 1 : -1, { colon: false, hoursOnly: false, twoDigits: true });
    }
    // Blanks are skipped before a number or a name of a zone, but not before the letters GMT.
    if (startsWithIgnoringCase(this.#text, 'GMT', this.#at)) {
      const sign = this.#text.charAt(this.#at + 3);
      if (sign !== '+' && sign !== '-') return this.#offset(0, this.#at + 3);
      return this.#numericZone(this.#at + 4, sign === '+' ? 1 : -1, { colon: true, hoursOnly: false, twoDigits: false });
    }
    return this.#zoneName(from);
  }

  #zoneName(from: number): boolean {
    const current = zoneNames.find((row) => row.id === this.zone.id);
    for (const row of current === undefined ? zoneNames : [current, ...zoneNames]) {
      const index = row.names.findIndex((name) => startsWithIgnoringCase(this.#text, name, from));
      if (index < 0) continue;
      this.#takeZone(row, index);
      this.#at = from + (row.names[index] ?? '').length;
      return true;
    }
    return false;
  }

  /** A name that says standard or daylight time fixes which; one that stands for both leaves it to the date. */
  #takeZone(row: ZoneNames, index: number): void {
    this.zone = zoneOf(row.id);
    const daylight = index >= 2;
    const saving = daylight ? daylightSaving(this.zone) : 0;
    const sameName = !daylight && (row.names[index] ?? '').toLowerCase() === (row.names[index + 2] ?? '').toLowerCase();
    if (sameName || (daylight && saving === 0)) return;
    this.fields.clear('zoneOffset');
    this.fields.set('daylightOffset', saving);
  }

  #numericZone(start: number, sign: 1 | -1, form: { colon: boolean; hoursOnly: boolean; twoDigits: boolean }): boolean {
    const hours = form.twoDigits ? '(\\d\\d)' : '(\\d\\d?)';
    const minutes = form.hoursOnly ? '' : form.colon ? ':(\\d\\d)' : '(\\d\\d)';
    const match = new RegExp(`^${hours}${minutes}`).exec(this.#text.substring(start));
    if (match === null || Number(match[1]) > 23 || Number(match[2] ?? 0) > 59) return false;
    return this.#offset(sign * (Number(match[1]) * 60 + Number(match[2] ?? 0)) * 60_000, start + match[0].length);
  }

  #offset(milliseconds: number, end: number): boolean {
    this.fields.set('zoneOffset', milliseconds);
    this.fields.set('daylightOffset', 0);
    this.#at = end;
    return true;
  }
}

/** What the zone adds in summer today. */
function daylightSaving(zone: Zone): number {
  const january = Date.UTC(2024, 0, 1);
  const july = Date.UTC(2024, 6, 1);
  return Math.abs(zone.offsetAt(january) - zone.offsetAt(july));
}
