import type { Measured } from './legs.ts';
import type { PeakMemory } from './peak-memory.ts';

/** `1,000,000`. */
export const countText = (n: number): string => Math.round(n).toLocaleString('en');

/** `99.2 MB`, in powers of ten. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** power).toFixed(1)} ${units[power - 1]}`;
}

/** How one way went. */
export function legLine(
  name: string,
  { lines, bytes }: { readonly lines: number; readonly bytes: number },
  { seconds, cpuSeconds }: Measured,
): string {
  const speed = `${countText(lines / seconds)} records/s, ${bytesText(bytes / seconds)}/s`;
  return `${name.padEnd(17)}${seconds.toFixed(2)} s, ${speed}, ${((cpuSeconds * 1e6) / lines).toFixed(2)} CPU seconds per million records`;
}

/** What the process needed: everything ran in it, the broker too. */
export function memoryLine({ total, anonymous }: PeakMemory): string {
  const own = anonymous === undefined ? '' : `, ${bytesText(anonymous)} of it not backed by files`;
  return `memory           ${bytesText(total)} at most${own}: this one process, in which both ways ran one after the other`;
}
