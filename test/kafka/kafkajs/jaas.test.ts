import { expect, test } from 'vitest';
import { parseJaas } from '../../../src/kafka/kafkajs/jaas.ts';

test('reads the module without its package, and its options', () => {
  expect(parseJaas('org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="secret";')).toEqual({
    module: 'PlainLoginModule',
    options: { username: 'alice', password: 'secret' },
  });
});

test('quoted values may hold quotes, equals signs and semicolons; others end at a space', () => {
  const config = `ScramLoginModule REQUIRED
    username=bob
    password="a\\"b;c=d\\\\" other='it "is"';`;
  expect(parseJaas(config).options).toEqual({ username: 'bob', password: 'a"b;c=d\\', other: 'it "is"' });
});

test.each([
  ['', /must begin with a login module/],
  ['PlainLoginModule username="a";', /must begin with a login module/],
  ['PlainLoginModule required username="a"', /must end with a semicolon/],
  ['PlainLoginModule required username;', /must be written name="value"/],
  ['PlainLoginModule required password="secret;', /a quote is not closed/],
])('%s is refused, and not shown', (config, message) => {
  expect(() => parseJaas(config)).toThrow(message);
  expect(() => parseJaas(config)).not.toThrow(/secret/);
});
