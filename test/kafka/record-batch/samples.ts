import type { InBatch, OutRecord, Payload } from '../../../src/kafka/driver.ts';

export const BASE_TIME = 1_700_000_000_000;

/** What the recorded Java batches hold: text, nulls, empty parts, repeated headers, times before and far behind the first. */
export const samples: readonly OutRecord[] = [
  { key: 'k1', value: 'v1', timestamp: BASE_TIME },
  { key: null, value: 'värde 漢字 🎈', timestamp: BASE_TIME + 1 },
  {
    key: 'k3',
    value: null,
    headers: [
      ['a', '1'],
      ['b', null],
      ['a', '2'],
      ['é', ''],
    ],
    timestamp: BASE_TIME + 1500,
  },
  { key: '', value: 'x'.repeat(300), timestamp: BASE_TIME - 3 },
  { key: Uint8Array.of(0, 0, 0, 0), value: Uint8Array.of(0, 255), timestamp: BASE_TIME + 2 ** 40 },
];

/** Everything of each record, in plain values; bytes as base64. */
export const contents = (batch: Pick<InBatch, 'records'>) =>
  batch.records.map((record) => ({
    offset: record.offset,
    timestamp: record.timestamp,
    key: base64(record.key),
    value: base64(record.value),
    headers: record.headers.map(([key, value]) => [key, base64(value)]),
  }));

/** What `contents` must be of a batch made from these records. */
export const expected = (records: readonly OutRecord[], baseOffset = 0, now = 0) =>
  records.map((record, i) => ({
    offset: baseOffset + i,
    timestamp: record.timestamp ?? now,
    key: base64(record.key),
    value: base64(record.value),
    headers: (record.headers ?? []).map(([key, value]) => [key, base64(value)]),
  }));

const base64 = (payload: Payload): string | null => {
  if (payload === null) return null;
  return typeof payload === 'string' ? Buffer.from(payload).toString('base64') : Buffer.from(payload).toString('base64');
};
