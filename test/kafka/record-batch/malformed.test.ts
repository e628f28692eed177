import { expect, test } from 'vitest';
import { DriverError } from '../../../src/kafka/driver.ts';
import { decode, encodeBatch } from '../../../src/kafka/record-batch/index.ts';

/** A batch that claims `count` records and holds these bytes. */
function batchOf(count: number, hex: string): Buffer {
  const header = encodeBatch(Array(count).fill({ key: null, value: null }), { now: 0 }).bytes.subarray(0, 61);
  const bytes = Buffer.concat([header, Buffer.from(hex.replaceAll(' ', ''), 'hex')]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  return bytes;
}
const read = (count: number, hex: string) => decode(batchOf(count, hex), { topic: 't', partition: 0, checkCrc: false });

// A record: length, attributes, time, offset, key (01: null), value, headers; numbers are zigzag, so 0c is 6.
test('the smallest record is read', () => {
  expect(read(1, '0c 00 00 00 01 01 00').records).toMatchObject([{ offset: 0, key: null, value: null, headers: [] }]);
});

test.each([
  ['repeats an offset', 2, '0c 00 00 00 01 01 00  0c 00 00 00 01 01 00', /offset 0 follows 0/],
  ['has a negative offset', 1, '0c 00 00 01 01 01 00', /offset -1 follows -1/],
  ['is longer than the batch', 1, '0e 00 00 00 01 01 00', /a record claims 7 bytes/],
  ['has a negative length', 1, '0b 00 00 00 01 01 00', /a record claims -6 bytes/],
  ['is shorter than its parts', 1, '0c 00 00 00 01 02 61 00', /a record of 6 bytes ends 1 bytes off/],
  ['is longer than its parts', 1, '0e 00 00 00 01 01 00 00', /a record of 7 bytes ends -1 bytes off/],
  ['has a key of less than null', 1, '0c 00 00 00 03 01 00', /claims -2 bytes/],
  ['has a value of less than null', 1, '0c 00 00 00 01 03 00', /claims -2 bytes/],
  ['has a key beyond the batch', 1, '0c 00 00 00 7e 01 00', /ends inside a varint/],
  ['has a value beyond the batch', 1, '0c 00 00 00 01 7e 00', /ends inside a varint/],
  ['has a negative count of headers', 1, '0c 00 00 00 01 01 01', /claims -1 headers/],
  ['has more headers than bytes', 1, '0c 00 00 00 01 01 7e', /ends inside a varint/],
  ['has a header without a key', 1, '10 00 00 00 01 01 02 01 01', /a header key claims -1 bytes/],
  ['has a header value of less than null', 1, '10 00 00 00 01 01 02 00 03', /claims -2 bytes/],
  ['has a number of 6 bytes', 1, '16 00 00 80 80 80 80 80 00 01 01 00', /longer than 5 bytes/],
  ['has a time of 11 bytes', 1, '20 00 80 80 80 80 80 80 80 80 80 80 00 00 01 01 00', /longer than 10 bytes/],
  ['is not the last', 1, '0c 00 00 00 01 01 00 00', /1 bytes follow its last record/],
])('a record that %s is refused', (_name, count, hex, message) => {
  expect(() => read(count, hex)).toThrow(DriverError);
  expect(() => read(count, hex)).toThrow(message);
});

test('the widest time is read as the nearest number', () => {
  expect(read(1, '1e 00 ff ff ff ff ff ff ff ff ff 01 00 01 01 00').records[0]?.timestamp).toBe(-(2 ** 63));
  expect(read(1, '1e 00 fe ff ff ff ff ff ff ff ff 01 00 01 01 00').records[0]?.timestamp).toBe(2 ** 63);
});
