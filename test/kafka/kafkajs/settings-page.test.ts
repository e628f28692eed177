import { expect, test } from 'vitest';
import { settingsPage } from '../../../src/kafka/kafkajs/settings-page.ts';

test('the page of client properties is up to date', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../../src/kafka/kafkajs/README.md');
});

test('a property says what it does here, its type and its default', () => {
  const lines = settingsPage().replaceAll(/ +/g, ' ').split('\n');
  expect(lines).toContain('| `request.timeout.ms` | ms | `30000` | How long an answer of a broker may take. |');
  expect(lines).toContain('| `client.dns.lookup` | Node resolves names, and tries each address |');
});
