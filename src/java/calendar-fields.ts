import { cutoverDay, cutoverYear, dayMs, dayOfWeek, gregorianDay, julianDay, weekdayOnOrBefore, yearStart } from './calendar.ts';
import { offsetOfWall, type Zone } from './zone.ts';

export type FieldName =
  | 'era'
  | 'year'
  | 'weekYear'
  | 'month'
  | 'weekOfYear'
  | 'weekOfMonth'
  | 'day'
  | 'dayOfYear'
  | 'weekday'
  | 'weekdayInMonth'
  | 'amPm'
  | 'hour12'
  | 'hour24'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'zoneOffset'
  | 'daylightOffset';

type DayGroup = 'day' | 'weekOfMonth' | 'weekdayInMonth' | 'dayOfYear' | 'weekOfYear';

/**
 * Calendar fields as a text set them, one after the other, and the instant they mean to Java's lenient calendar.
 *
 * Where fields contradict each other, the group set last wins: month and day, month and week, day of year, or week of year; 24-hour or
 * 12-hour clock. A field that is not set has its value of 1970-01-01T00:00. Values may lie outside their range and carry over.
 */
export class CalendarFields {
  readonly #values = new Map<FieldName, number>();
  readonly #stamps = new Map<FieldName, number>();
  #clock = 0;

  set(field: FieldName, value: number): void {
    this.#values.set(field, value);
    this.#stamps.set(field, ++this.#clock);
  }

  clear(field: FieldName): void {
    this.#values.delete(field);
    this.#stamps.delete(field);
  }

  /** Moves the years that were set, keeping what was set last; for two-digit years that lie before the century window. */
  addYears(years: number): void {
    for (const field of ['year', 'weekYear'] as const) {
      const value = this.#values.get(field);
      if (value !== undefined) this.#values.set(field, value + years);
    }
  }

  /** The instant in milliseconds; `zone` is asked for what the text does not say. */
  toInstant(zone: Zone): number {
    const weekDate = this.#stamp('weekYear') > this.#stamp('year');
    const time = this.#timeOfDay();
    const carried = Math.floor(time / dayMs);
    const day = weekDate ? this.#dayOfWeekDate() + carried : this.#day(carried);
    const wall = day * dayMs + (time - carried * dayMs);
    const daylight = this.#values.get('daylightOffset');
    const standard = this.#values.get('zoneOffset');
    if (standard !== undefined && daylight !== undefined) return wall - standard - daylight;
    const offset = offsetOfWall(zone, wall);
    const zoneStandard = zone.standardOffsetAt(wall - offset);
    return wall - (standard ?? zoneStandard) - (daylight ?? offset - zoneStandard);
  }

  #get(field: FieldName, otherwise: number): number {
    return this.#values.get(field) ?? otherwise;
  }

  #stamp(field: FieldName): number {
    return this.#stamps.get(field) ?? 0;
  }

  /** Set both: the later of the two; otherwise 0. */
  #both(a: FieldName, b: FieldName): number {
    return this.#stamp(a) === 0 || this.#stamp(b) === 0 ? 0 : Math.max(this.#stamp(a), this.#stamp(b));
  }

  #timeOfDay(): number {
    const byHalf = this.#both('hour12', 'amPm');
    const by24 = this.#stamp('hour24');
    const half = byHalf > by24 || (by24 === 0 && (this.#stamp('hour12') > 0 || this.#stamp('amPm') > 0));
    const hours = half ? this.#get('hour12', 0) + 12 * this.#get('amPm', 0) : this.#get('hour24', 0);
    return ((hours * 60 + this.#get('minute', 0)) * 60 + this.#get('second', 0)) * 1000 + this.#get('millisecond', 0);
  }

  /** Years before Christ count backwards from year 0 = 1 BC. */
  #astronomicalYear(): number {
    const year = this.#get('year', 1970);
    return this.#get('era', 1) === 0 ? 1 - year : year;
  }

  /** `carried`: days by which the time of day overflows; they count before it is decided which calendar was in force. */
  #day(carried: number): number {
    const year = this.#astronomicalYear();
    const group = this.#dayGroup();
    const gregorian = carried + this.#dayIn(gregorianDay, year, group);
    if (year > cutoverYear && gregorian >= cutoverDay) return gregorian;
    const julian = carried + this.#dayIn(julianDay, year, group);
    if (year !== cutoverYear || group === 'dayOfYear' || group === 'weekOfYear') return julian;
    return gregorian >= cutoverDay ? gregorian : julian;
  }

  /** Which fields say the day within the year: the group set last. */
  #dayGroup(): DayGroup {
    const day = this.#stamp('day');
    let weekOfMonth = this.#both('weekOfMonth', 'weekday');
    let weekdayInMonth = this.#both('weekdayInMonth', 'weekday');
    const dayOfYear = this.#stamp('dayOfYear');
    let weekOfYear = this.#both('weekOfYear', 'weekday');
    let best = Math.max(day, weekOfMonth, weekdayInMonth, dayOfYear, weekOfYear);
    if (best === 0) {
      weekOfMonth = this.#stamp('weekOfMonth');
      weekdayInMonth = Math.max(this.#stamp('weekdayInMonth'), this.#stamp('weekday'));
      weekOfYear = this.#stamp('weekOfYear');
      best = Math.max(weekOfMonth, weekdayInMonth, weekOfYear);
      if (best === 0) return 'day';
    }
    if (best === day) return 'day';
    const byMonth =
      (best === weekOfMonth && this.#stamp('weekOfMonth') >= this.#stamp('weekOfYear')) ||
      (best === weekdayInMonth && this.#stamp('weekdayInMonth') >= this.#stamp('weekOfYear'));
    if (!byMonth) return best === dayOfYear ? 'dayOfYear' : 'weekOfYear';
    if (weekOfMonth === weekdayInMonth) {
      return this.#stamp('weekOfMonth') >= this.#stamp('weekdayInMonth') ? 'weekOfMonth' : 'weekdayInMonth';
    }
    return best === weekOfMonth ? 'weekOfMonth' : 'weekdayInMonth';
  }

  #dayIn(dayOf: typeof gregorianDay, year: number, group: DayGroup): number {
    const weekday = this.#values.get('weekday');
    if (group === 'dayOfYear') return dayOf(year, 0, 1) + this.#get('dayOfYear', 1) - 1;
    if (group === 'weekOfYear') return weekAfter(dayOf(year, 0, 1), weekday) + 7 * (this.#get('weekOfYear', 1) - 1);
    const first = dayOf(year, this.#get('month', 0), 1);
    if (group === 'day') return first + this.#get('day', 1) - 1;
    if (group === 'weekOfMonth') return weekAfter(first, weekday) + 7 * (this.#get('weekOfMonth', 1) - 1);
    const nth = this.#stamp('weekdayInMonth') === 0 ? 1 : this.#get('weekdayInMonth', 1);
    if (nth >= 0) return weekdayOnOrBefore(first + 7 * nth - 1, weekday ?? 1);
    const next = dayOf(year, this.#get('month', 0) + 1, 1);
    return weekdayOnOrBefore(next - 1 + 7 * (nth + 1), weekday ?? 1);
  }

  /** Week-based year: its first week holds 1 January and starts on a Sunday. */
  #dayOfWeekDate(): number {
    let week = this.#get('weekOfYear', 1);
    let weekday = this.#get('weekday', 1);
    if (weekday >= 8) {
      weekday -= 1;
      week += Math.floor(weekday / 7);
      weekday = (weekday % 7) + 1;
      weekday = fromIso(weekday);
    } else if (weekday <= 0) {
      while (weekday <= 0) {
        weekday += 7;
        week -= 1;
      }
      weekday = fromIso(weekday);
    }
    const start = weekdayOnOrBefore(yearStart(this.#get('weekYear', 1970)), 1);
    return start + ((weekday + 6) % 7) + 7 * (week - 1);
  }
}

/** Monday = 1 … Sunday = 7 to Sunday = 1 … Saturday = 7; what is no weekday is kept for the calendar to carry over. */
export const fromIso = (weekday: number): number => (weekday >= 1 && weekday <= 7 ? (weekday === 7 ? 1 : weekday + 1) : weekday);

/** The given weekday (default: the first) of the week, Sunday to Saturday, that holds `first`. */
function weekAfter(first: number, weekday: number | undefined): number {
  const sunday = first - (dayOfWeek(first) - 1);
  return weekday === undefined || weekday === 1 ? sunday : weekdayOnOrBefore(sunday + 6, weekday);
}
