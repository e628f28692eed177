import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kafkaErrors } from '../../src/errors/kafka.ts';
import { faultOf } from '../../src/worker/fault.ts';

test('a trace names what failed, then what caused it, each code once', () => {
  let cause: unknown;
  try {
    readFileSync('/none/x');
  } catch (error) {
    cause = error;
  }
  const { trace } = faultOf(kafkaErrors.STORE_OWNED({ folder: '/data', pid: 7 }, cause));
  const lines = trace.split('\n').filter((line) => !line.startsWith('    at '));
  expect(lines).toEqual([
    expect.stringMatching(/^KAFKA_STORE_OWNED: Data folder \/data is in use by process 7\./),
    "Caused by: ENOENT: no such file or directory, open '/none/x'",
    '',
  ]);
});
