import { expect, test } from 'vitest';
import { kafkaTopicSink, kafkaTopicSource } from '../../../connectors/kafka/index.ts';
import { settingsPage } from '../../../src/kafka/kafkajs/settings-page.ts';
import { clientProperties } from '../../../src/worker/client-properties.ts';

test('the page of client properties is up to date', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../../src/kafka/kafkajs/README.md');
});

test('a property says what it does here, its type and its default', () => {
  const lines = settingsPage().replaceAll(/ +/g, ' ').split('\n');
  expect(lines).toContain('| `request.timeout.ms` | ms | `30000` | How long an answer of a broker may take. |');
  expect(lines).toContain('| `client.dns.lookup` | Node resolves names, and tries each address |');
});

test('a property that connectors of a worker have by another default says so, and it is what they have', () => {
  const lines = settingsPage().replaceAll(/ +/g, ' ').split('\n');
  const line = (name: string) =>
    lines
      .find((each) => each.startsWith(`| \`${name}\``))
      ?.split('|')
      .slice(1)
      .map((cell) => cell.trim());
  expect(line('batch.size')?.slice(1, 4)).toEqual(['bytes', '`131072`', '`1048576`']);
  expect(line('linger.ms')?.slice(1, 4)).toEqual(['ms', '`5`', '`0`']);
  expect(line('acks')?.slice(2, 4)).toEqual(['`all`', '']);
  expect(line('delivery.timeout.ms')?.slice(1, 4)).toEqual(['ms', '`120000`', '`2147483647`']);
  expect(line('auto.offset.reset')?.slice(2, 4)).toEqual(['`latest`', '`earliest`']);
  expect(kafkaTopicSink.config.parse({}).value).toMatchObject({ 'batch.size': 1_048_576, 'linger.ms': 0, acks: 'all' });
  expect(kafkaTopicSource.config.parse({ topics: 't', 'group.id': 'g' }).value).toMatchObject({ 'auto.offset.reset': 'earliest' });
  const { producer, consumer } = clientProperties({}, { connector: 'c', config: {} });
  expect(producer).toMatchObject({ 'delivery.timeout.ms': '2147483647' });
  expect(consumer).toMatchObject({ 'auto.offset.reset': 'earliest' });
});
