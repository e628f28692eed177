import { type End, RECORDS } from './transactional-load.ts';

/** What is wrong with the numbers 0 … `count` - 1 of one partition: lost, twice, or out of order. */
export function wrongNumbers(values: readonly string[], count: number): readonly string[] {
  const found: string[] = [];
  let next = 0;
  for (const value of values) {
    const number = Number(value);
    if (number === next) next++;
    else if (number > next) {
      found.push(`${next} to ${number - 1} are lost or late`);
      next = number + 1;
    } else found.push(`${number} comes again or late, behind ${next - 1}`);
  }
  if (next < count) found.push(`${next} to ${count - 1} are lost`);
  return found;
}

/** What is wrong with the transactions of one partition: only those that were committed may be there, each whole, in order. */
export function wrongTransactions(values: readonly string[], ends: readonly End[]): readonly string[] {
  const found: string[] = [];
  const records = ends.map((): number[] => []);
  let last = -1;
  for (const value of values) {
    const [number = -1, record = -1] = value.split(':').map(Number);
    if (number < last) found.push(`a record of transaction ${number} comes behind ${last}`);
    last = number;
    records[number]?.push(record);
  }
  const whole = Array.from({ length: RECORDS }, (_, record) => record).join();
  for (const [number, end] of ends.entries()) {
    const seen = records[number]?.join() ?? '';
    const right = (end !== 'aborted' && seen === whole) || (end !== 'committed' && seen === '');
    if (!right) found.push(`transaction ${number} is ${end}, and its records ${seen === '' ? 'are missing' : `are ${seen}`}`);
  }
  return found;
}

/** Transactions whose records are in one partition and not in another. */
export function halfTransactions(partitions: readonly (readonly string[])[]): readonly string[] {
  const sets = partitions.map((values) => new Set(values.map((value) => value.split(':')[0] ?? '')));
  const all = new Set(sets.flatMap((set) => [...set]));
  return [...all]
    .filter((number) => sets.some((set) => !set.has(number)))
    .map((number) => `transaction ${number} is not in all partitions`);
}
