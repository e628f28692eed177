import { dateOf, dayMs, dayOfWeek } from './calendar.ts';
import { months, short, weekdays } from './date-symbols.ts';

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `java.util.Date.toString` in UTC: `Sat Jul 15 11:32:39 UTC 2023`. */
export function dateString(date: Date): string {
  const instant = date.getTime();
  const day = Math.floor(instant / dayMs);
  const { year, month, day: dayOfMonth } = dateOf(day);
  const seconds = Math.floor((instant - day * dayMs) / 1000);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  const weekday = short(weekdays[dayOfWeek(day) - 1] ?? '');
  return `${weekday} ${short(months[month] ?? '')} ${twoDigits(dayOfMonth)} ${time} UTC ${year > 0 ? year : 1 - year}`;
}
