import { expect, test } from 'vitest';
import { Frames } from '../../../src/kafka/kafkajs/frames.ts';

const framed = (...bodies: readonly string[]): Buffer =>
  Buffer.concat(
    bodies.flatMap((body) => {
      const size = Buffer.alloc(4);
      size.writeInt32BE(Buffer.byteLength(body));
      return [size, Buffer.from(body)];
    }),
  );

function framesOf(pieces: readonly Buffer[]): string[] {
  const found: Buffer[] = [];
  const frames = new Frames((frame) => found.push(frame));
  for (const piece of pieces) {
    frames.push(piece);
    piece.fill(0);
  }
  return found.map(String);
}

test('answers are whole wherever the stream is cut, and do not share memory with its pieces', () => {
  const bodies = ['first', 'the second one', 'four'];
  const { length } = framed(...bodies);
  for (let a = 0; a <= length; a++) {
    for (let b = a; b <= length; b++) {
      const stream = framed(...bodies);
      expect(framesOf([stream.subarray(0, a), stream.subarray(a, b), stream.subarray(b)])).toEqual(bodies);
    }
  }
});

test('an answer larger than what is trusted at once arrives whole', () => {
  const body = Buffer.alloc(40 * 1024 * 1024, 'x').fill('y', 17 * 1024 * 1024);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  const found: Buffer[] = [];
  const frames = new Frames((frame) => found.push(frame));
  frames.push(size);
  for (let at = 0; at < body.length; at += 1_000_000) frames.push(body.subarray(at, at + 1_000_000));
  expect(found.map((frame) => frame.equals(body))).toEqual([true]);
});

test('a length that is only claimed takes little memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  const frames = Array.from({ length: 8 }, () => new Frames(() => {}));
  for (const each of frames) each.push(Buffer.from([0x3f, 0xff, 0xff, 0xff, 1]));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 17 * 1024 * 1024);
});

test('what is no answer of Kafka is refused', () => {
  expect(() => framesOf([Buffer.from('HTTP/1.1 400 Bad Request')])).toThrow(
    'The broker announces an answer of 1213486160 bytes. Check that bootstrap.servers names Kafka brokers',
  );
  expect(() => framesOf([Buffer.from([0, 0, 0, 3, 1, 2, 3])])).toThrow('an answer of 3 bytes');
  expect(() => framesOf([Buffer.from([0x80, 0, 0, 0])])).toThrow('an answer of -2147483648 bytes');
});
