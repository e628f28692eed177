/** Of a line that sources read and sinks write, its end included. */
export const LINE_BYTES = 100;

/** An order as JSON, of 200 bytes. */
export const orderOf = (n: number): string =>
  JSON.stringify({
    id: 10_000_000 + n,
    name: `Ada Lovelace ${10_000_000 + n}`,
    email: 'ada@example.org',
    active: true,
    score: 12.25,
    street: '1 Main Street',
    city: 'London',
    zip: 'N1 9GU',
    note: 'some words up to two hundred bytes',
  });

/** What is written of it after the five transformations, though perhaps with its members in another order. */
export const WRITTEN_ORDER_BYTES =
  '{id=10000000, name=Ada Lovelace 10000000, email=, active=true, score=12, street=1 Main Street, zip=, region=eu, town=London}\n'.length;

/** A line without its end, 99 bytes, none like another. */
export const lineOf = (n: number): string =>
  `${n} lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore`
    .slice(0, LINE_BYTES - 1)
    .padEnd(LINE_BYTES - 1, '.');
