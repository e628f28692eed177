import type { Writable } from 'node:stream';

type Cell = string | number | null;

/** Prints rows as aligned columns under the names of their members, numbers to the right; or as JSON, one object a line. */
export function printTable(out: Writable, rows: readonly object[], { json }: { readonly json: boolean }): void {
  out.write(json ? rows.map((row) => `${JSON.stringify(row)}\n`).join('') : aligned(rows));
}

function aligned(rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name, i) => {
    const cells = rows.map((row) => Object.values(row)[i] as Cell);
    const texts = [name.toUpperCase(), ...cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : (cell ?? '')))];
    const width = Math.max(...texts.map((text) => text.length));
    const right = cells.every((cell) => typeof cell === 'number');
    return texts.map((text) => (right ? text.padStart(width) : text.padEnd(width)));
  });
  return Array.from(
    { length: names.length === 0 ? 0 : rows.length + 1 },
    (_, row) =>
      `${columns
        .map((column) => column[row])
        .join('  ')
        .trimEnd()}\n`,
  ).join('');
}
