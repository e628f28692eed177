import { expect, test } from 'vitest';
import { Redaction } from '../../src/telemetry/redaction.ts';

test('takes every secret out, as it is and as JSON writes it', () => {
  const redaction = new Redaction();
  redaction.add(['s3cret', 's3cret"quoted"']);
  expect(redaction.of('a s3cret, s3cret"quoted" and {"p":"s3cret\\"quoted\\""}')).toBe('a [hidden], [hidden] and {"p":"[hidden]"}');
});

test('secrets may hold what means something in patterns, and come later', () => {
  const redaction = new Redaction();
  expect(redaction.of('a.*b')).toBe('a.*b');
  redaction.add(['a.*b$']);
  expect(redaction.of('a.*b$ axxb$')).toBe('[hidden] axxb$');
});

test('texts that stand everywhere are left alone', () => {
  const redaction = new Redaction();
  redaction.add(['', '1', 'all']);
  expect(redaction.of('all 1')).toBe('all 1');
});
