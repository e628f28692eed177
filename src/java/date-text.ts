import { dateOf, dayMs, dayOfWeek, monthStart, yearStart } from './calendar.ts';
import type { PatternLetter, PatternPart } from './date-pattern.ts';
import { eras, halves, months, short, weekdays } from './date-symbols.ts';
import type { Zone } from './zone.ts';
import { zoneNames } from './zone-names.ts';

/** Writes an instant in a zone by a pattern, as `SimpleDateFormat.format` does in the locale en_US. */
export function formatInstant(parts: readonly PatternPart[], instant: number, zone: Zone): string {
  const moment = momentOf(instant, zone);
  let text = '';
  for (const part of parts) text += 'literal' in part ? part.literal : writers[part.letter](moment, part.count);
  return text;
}

interface Moment {
  readonly zone: Zone;
  readonly instant: number;
  readonly offset: number;
  readonly day: number;
  readonly msOfDay: number;
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

function momentOf(instant: number, zone: Zone): Moment {
  const offset = zone.offsetAt(instant);
  const wall = instant + offset;
  const day = Math.floor(wall / dayMs);
  const date = dateOf(day);
  return { zone, instant, offset, day, msOfDay: wall - day * dayMs, year: date.year, month: date.month, dayOfMonth: date.day };
}

const pad = (value: number, digits: number): string =>
  value < 0 ? `-${String(-value).padStart(digits, '0')}` : String(value).padStart(digits, '0');
const yearText = (year: number, count: number): string => (count === 2 ? pad(year % 100, 2) : pad(year, count));
const yearOfEra = ({ year }: Moment): number => (year > 0 ? year : 1 - year);
const hourOf = ({ msOfDay }: Moment): number => Math.floor(msOfDay / 3_600_000);
const nameText = (name: string, count: number): string => (count >= 4 ? name : short(name));
const monthText = (moment: Moment, count: number): string =>
  count >= 3 ? nameText(months[moment.month] ?? '', count) : pad(moment.month + 1, count);

/** First day (a Sunday) of week 1 of a year. */
const weekYearStart = (year: number): number => yearStart(year) - (dayOfWeek(yearStart(year)) - 1);

function weekYearOf({ day, year }: Moment): number {
  return day >= weekYearStart(year + 1) ? year + 1 : year;
}

const weekOfYear = (moment: Moment): number => Math.floor((moment.day - weekYearStart(weekYearOf(moment))) / 7) + 1;

function weekOfMonth({ day, year, month }: Moment): number {
  const first = monthStart(year, month);
  return Math.floor((day - (first - (dayOfWeek(first) - 1))) / 7) + 1;
}

const writers: Record<PatternLetter, (moment: Moment, count: number) => string> = {
  G: (m) => eras[m.year > 0 ? 1 : 0],
  y: (m, count) => yearText(yearOfEra(m), count),
  Y: (m, count) => yearText(weekYearOf(m), count),
  M: monthText,
  L: monthText,
  d: (m, count) => pad(m.dayOfMonth, count),
  k: (m, count) => pad(hourOf(m) || 24, count),
  H: (m, count) => pad(hourOf(m), count),
  m: (m, count) => pad(Math.floor(m.msOfDay / 60_000) % 60, count),
  s: (m, count) => pad(Math.floor(m.msOfDay / 1000) % 60, count),
  S: (m, count) => pad(m.msOfDay % 1000, count),
  E: (m, count) => nameText(weekdays[dayOfWeek(m.day) - 1] ?? '', count),
  u: (m, count) => pad(dayOfWeek(m.day) === 1 ? 7 : dayOfWeek(m.day) - 1, count),
  D: (m, count) => pad(m.day - yearStart(m.year) + 1, count),
  F: (m, count) => pad(Math.floor((m.day - monthStart(m.year, m.month)) / 7) + 1, count),
  w: (m, count) => pad(weekOfYear(m), count),
  W: (m, count) => pad(weekOfMonth(m), count),
  a: (m) => halves[hourOf(m) < 12 ? 0 : 1],
  h: (m, count) => pad(hourOf(m) % 12 || 12, count),
  K: (m, count) => pad(hourOf(m) % 12, count),
  z: zoneText,
  Z: (m) => offsetText(m.offset, 'Z'),
  X: (m, count) => (m.offset === 0 ? 'Z' : offsetText(m.offset, count === 1 ? 'h' : count === 2 ? 'Z' : ':')),
};

function offsetText(offset: number, form: 'Z' | 'h' | ':'): string {
  const minutes = Math.floor(Math.abs(offset) / 60_000);
  const hours = pad(Math.floor(minutes / 60), 2);
  const sign = offset < 0 ? '-' : '+';
  if (form === 'h') return sign + hours;
  return `${sign}${hours}${form === ':' ? ':' : ''}${pad(minutes % 60, 2)}`;
}

function zoneText({ zone, instant, offset }: Moment, count: number): string {
  const names = zoneNames.find((row) => row.id === zone.id)?.names;
  if (names === undefined) return `GMT${offsetText(offset, ':')}`;
  const daylight = zone.standardOffsetAt(instant) !== offset;
  return names[(daylight ? 2 : 0) + (count >= 4 ? 0 : 1)] ?? '';
}
