import { expect, test } from 'vitest';
import { tellOutages } from '../../../src/kafka/kafkajs/outages.ts';

test('an outage is told once, whoever notices it, and again after a minute without one', () => {
  const lines: string[] = [];
  let time = 0;
  const seen = new Map<string, number>();
  const log = () => tellOutages((level, message) => lines.push(`${level} ${message}`), { seen, now: () => time });
  const [one, other] = [log(), log()];
  const lost = 'Connection error: connect ECONNREFUSED';
  one('debug', lost, { broker: 'a:1' });
  other('debug', lost, { broker: 'a:1' });
  time = 50_000;
  one('debug', lost, { broker: 'a:1' });
  time = 100_000;
  one('debug', 'Connection timeout', { broker: 'a:1' });
  other('debug', lost, { broker: 'b:1' });
  time = 160_000;
  one('debug', lost, { broker: 'a:1' });
  one('debug', 'Response Metadata', { broker: 'a:1' });
  const told = 'warn Broker a:1 cannot be reached; it is tried again.';
  const quiet = [`debug ${lost}`, `debug ${lost}`, 'debug Connection timeout'];
  expect(lines).toEqual([told, ...quiet, 'warn Broker b:1 cannot be reached; it is tried again.', told, 'debug Response Metadata']);
});
