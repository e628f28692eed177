import { NEVER, of, throwError, timer } from 'rxjs';
import { ignoreElements } from 'rxjs/operators';
import { expect, test } from 'vitest';
import { dataException } from '../../src/errors/connect-error.ts';
import type { OutRecord } from '../../src/kafka/driver.ts';
import type { Policy } from '../../src/record/ack.ts';
import type { Failure, Outcome } from '../../src/record/outcome.ts';
import type { Origin, RawRecord } from '../../src/record/record.ts';
import { decide } from '../../src/sdk/fail-record.ts';
import { marbles } from '../../src/testing/marbles.ts';
import { deadLetterOf } from '../../src/worker/dead-letter.ts';
import { DeadLetters, type SendLetters } from '../../src/worker/dead-letters.ts';
import { policies } from '../../src/worker/policy.ts';

const error = dataException('Converting byte[] to Kafka Connect data failed due to serialization error: ');
const failure: Failure = { stage: 'VALUE_CONVERTER', node: 'decode', error };
const sender = {
  connector: 'orders-sink',
  task: 3,
  classAt: (node: string, stage: string) => (node === 'decode' && stage === 'VALUE_CONVERTER' ? 'a.b.JsonConverter' : undefined),
};
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: unknown) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value);

/** A consumed record whose bytes are those of `value`. */
function consumed(value: string, raw: Partial<RawRecord> = {}) {
  const whole: RawRecord = { key: bytes('k'), value: bytes(value), headers: [['h', bytes('1')]], timestamp: 1_700_000_000_000, ...raw };
  const origin: Origin = {
    topic: 'orders',
    partition: 7,
    timestampType: 'CreateTime',
    raw: (offset) => (offset === 42 ? whole : undefined),
  };
  return { origin, offset: 42 };
}

const headersOf = ({ headers = [] }: OutRecord) => Object.fromEntries(headers.map(([key, value]) => [key, text(value)]));

test('a dead letter is the consumed record, byte for byte, with its time and headers', () => {
  const letter = deadLetterOf({ ...consumed('bad'), value: 'what an operator made of it' }, failure, sender, false);
  expect(text(letter.key)).toBe('k');
  expect(text(letter.value)).toBe('bad');
  expect(letter.timestamp).toBe(1_700_000_000_000);
  expect(headersOf(letter)).toEqual({ h: '1' });
});

test('its bytes are copies, which outlive the batch', () => {
  const raw = bytes('bad');
  const letter = deadLetterOf(consumed('', { value: raw }), failure, sender, false);
  raw.fill(0);
  expect(text(letter.value)).toBe('bad');
});

test('its context headers have the names and values of Kafka Connect, behind its own', () => {
  const { headers = [] } = deadLetterOf(consumed('bad'), failure, sender, true);
  expect(headers.map(([key, value]) => [key, text(value)]).slice(0, -1)).toEqual([
    ['h', '1'],
    ['__connect.errors.topic', 'orders'],
    ['__connect.errors.partition', '7'],
    ['__connect.errors.offset', '42'],
    ['__connect.errors.connector.name', 'orders-sink'],
    ['__connect.errors.task.id', '3'],
    ['__connect.errors.stage', 'VALUE_CONVERTER'],
    ['__connect.errors.class.name', 'a.b.JsonConverter'],
    ['__connect.errors.exception.class.name', 'org.apache.kafka.connect.errors.DataException'],
    ['__connect.errors.exception.message', 'Converting byte[] to Kafka Connect data failed due to serialization error: '],
  ]);
  const [name, stack] = headers.at(-1) ?? [];
  expect(name).toBe('__connect.errors.exception.stacktrace');
  expect(text(stack)).toContain('org.apache.kafka.connect.errors.DataException: Converting byte[]');
});

test('what a sink refused is reported under the class that all sink tasks of Connect have in common', () => {
  const letter = deadLetterOf(consumed('bad'), { stage: 'TASK_PUT', node: 'sink', error: new Error('full') }, sender, true);
  expect(headersOf(letter)).toMatchObject({
    '__connect.errors.stage': 'TASK_PUT',
    '__connect.errors.class.name': 'org.apache.kafka.connect.sink.SinkTask',
    '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.ConnectException',
    '__connect.errors.exception.message': 'full',
  });
});

test('null keys and values, and a record without time, stay so', () => {
  const letter = deadLetterOf(consumed('', { key: null, value: null, timestamp: -1, headers: [] }), failure, sender, false);
  expect(letter).toEqual({ key: null, value: null, headers: [] });
});

test.each([
  ['none, after its batch was released', undefined],
  ['one that an operator made anew', { origin: null, offset: -1 }],
  ['one whose bytes are gone', { ...consumed('bad'), offset: 43 }],
])('a record that does not lead back to what was consumed has no dead letter: %s', (_what, record) => {
  expect(() => deadLetterOf(record, failure, sender, false)).toThrow(
    'A record that decode failed cannot become a dead letter: what was consumed is no longer known of it.',
  );
});

/** Asks the policy about records and logs what becomes of each, with the time. */
function asking(policy: Policy, now: () => number) {
  const log: string[] = [];
  const ask = (name: string, record: unknown = consumed(name)) =>
    decide(policy, record, failure, (outcome: Outcome) => {
      const why = outcome.kind === 'failed' && outcome.failure.error !== error ? ` ${String(outcome.failure.error)}` : '';
      log.push(`${now()} ${name}:${outcome.kind}${why}`);
    });
  return { ask, log };
}

test(
  'a record settles when its dead letter is durable; letters that wait meanwhile are written together',
  marbles(({ scheduler, cold, flush }) => {
    const writes: string[] = [];
    const send: SendLetters = (letters) => {
      writes.push(`${scheduler.now()} ${letters.map(({ value }) => text(value)).join('')}`);
      return timer(5, scheduler).pipe(ignoreElements());
    };
    const { ask, log } = asking(new DeadLetters(send, sender, false).before(policies.all), () => scheduler.now());
    cold('abc').subscribe((name) => ask(name));
    flush();
    expect(writes).toEqual(['0 a', '5 bc']);
    expect(log).toEqual(['5 a:filtered', '10 b:filtered', '10 c:filtered']);
  }),
);

test(
  'without tolerance the letter is written too before the record fails the task',
  marbles(({ scheduler, flush }) => {
    const send: SendLetters = () => timer(5, scheduler).pipe(ignoreElements());
    const { ask, log } = asking(new DeadLetters(send, sender, false).before(policies.none), () => scheduler.now());
    ask('a');
    flush();
    expect(log).toEqual(['5 a:failed']);
  }),
);

test(
  'a letter that cannot be written fails its record whatever the tolerance, and only those of its write',
  marbles(({ scheduler, flush }) => {
    let writes = 0;
    const send: SendLetters = () => (writes++ === 0 ? throwError(() => new Error('denied')) : of());
    const { ask, log } = asking(new DeadLetters(send, sender, false).before(policies.all), () => scheduler.now());
    ask('a');
    ask('b');
    flush();
    expect(log).toEqual(['0 a:failed AggregateError: Failure policy did not accept the record: Error: denied', '0 b:filtered']);
  }),
);

test(
  'a write that never ends holds its records back, and they may be given up',
  marbles(({ scheduler, flush }) => {
    const { ask, log } = asking(new DeadLetters(() => NEVER, sender, false).before(policies.all), () => scheduler.now());
    ask('a')?.unsubscribe();
    ask('b');
    flush();
    expect(log).toEqual([]);
  }),
);
