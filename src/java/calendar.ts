/**
 * Days of Java's GregorianCalendar: Julian before 15 October 1582, Gregorian from then on.
 *
 * Days are counted from 1970-01-01 (day 0). Years are astronomical: 0 is 1 BC. Months count from 0.
 */

export const dayMs = 86_400_000;
/** First day of the Gregorian calendar, 1582-10-15. */
export const cutoverDay = -141_427;
export const cutoverYear = 1582;

/** Day of a proleptic Gregorian date; `month` and `day` may lie outside their range. */
export function gregorianDay(year: number, month: number, day: number): number {
  const y = year + Math.floor(month / 12);
  const m = floorMod(month, 12);
  // Years start in March, so that the leap day is the last of its year.
  const shifted = m < 2 ? y - 1 : y;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (m < 2 ? m + 10 : m - 2) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** Day of a proleptic Julian date; `month` and `day` may lie outside their range. */
export function julianDay(year: number, month: number, day: number): number {
  const y = year + Math.floor(month / 12);
  const m = floorMod(month, 12);
  const shifted = m < 2 ? y - 1 : y;
  const dayOfYear = Math.floor((153 * (m < 2 ? m + 10 : m - 2) + 2) / 5) + day - 1;
  return shifted * 365 + Math.floor(shifted / 4) + dayOfYear - 719_470;
}

export interface CalendarDate {
  /** Astronomical. */
  readonly year: number;
  /** 0…11 */
  readonly month: number;
  /** 1…31 */
  readonly day: number;
}

/** The date of a day, in the calendar that was in force. */
export function dateOf(day: number): CalendarDate {
  return day >= cutoverDay ? civil(day + 719_468, 146_097, 400) : civil(day + 719_470, 1_461, 4);
}

/** First day of a year, in the calendar that was in force on it. */
export const yearStart = (year: number): number => (year > cutoverYear ? gregorianDay(year, 0, 1) : julianDay(year, 0, 1));

/** First day of a month, in the calendar that was in force on it. */
export function monthStart(year: number, month: number): number {
  const gregorian = gregorianDay(year, month, 1);
  return gregorian >= cutoverDay ? gregorian : julianDay(year, month, 1);
}

/** 1 (Sunday) … 7 (Saturday). */
export const dayOfWeek = (day: number): number => floorMod(day + 4, 7) + 1;

/** The latest day at or before `day` that is the given day of the week (any integer; 1 is Sunday). */
export const weekdayOnOrBefore = (day: number, weekday: number): number => day - floorMod(day + 4 - (weekday - 1), 7);

/** Days since the start of the shifted year (1 March) back to year, month and day. */
function civil(shiftedDay: number, cycleDays: number, cycleYears: number): CalendarDate {
  const cycle = Math.floor(shiftedDay / cycleDays);
  const dayOfCycle = shiftedDay - cycle * cycleDays;
  const yearOfCycle =
    cycleYears === 4
      ? Math.floor((dayOfCycle - Math.floor(dayOfCycle / 1460)) / 365)
      : Math.floor((dayOfCycle - Math.floor(dayOfCycle / 1460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) / 365);
  const leapDays = Math.floor(yearOfCycle / 4) - (cycleYears === 4 ? 0 : Math.floor(yearOfCycle / 100));
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + leapDays);
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10;
  return { year: cycle * cycleYears + yearOfCycle + (month < 2 ? 1 : 0), month, day };
}

const floorMod = (value: number, by: number): number => value - by * Math.floor(value / by);
