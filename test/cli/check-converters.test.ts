import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkConverters } from '../../src/cli/check-converters.ts';
import { PluginHost } from '../../src/plugins/host/plugin-host.ts';
import { PluginFolder } from '../plugins/plugin-folder.ts';

const folder = new PluginFolder();
let host: PluginHost;
let asked = 0;
beforeAll(() => {
  folder.write('acme/package.json', '{"type":"module"}');
  const acme = folder.write(
    'acme/index.js',
    "export const avro = { kind: 'converter', name: 'avro', aliases: ['com.acme.AvroConverter'], summary: 'Avro.', config: {}, create: () => ({}) };",
  );
  host = new PluginHost({ properties: {}, mode: { mode: 'standalone' }, modules: [acme] });
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

const asking: Pick<PluginHost, 'ask'> = {
  ask: (kind, question) => {
    asked++;
    return host.ask(kind, question);
  },
};
const check = (key: string, value: string, header: string) =>
  checkConverters({ settings: { 'key.converter': key, 'value.converter': value, 'header.converter': header } }, asking);

test('converters of the package need no module', async () => {
  await check('String', 'org.apache.kafka.connect.json.JsonConverter', 'org.apache.kafka.connect.storage.SimpleHeaderConverter');
  expect(asked).toBe(0);
});

test('one of a module is found by any of its names', async () => {
  await check('com.acme.AvroConverter', 'AvroConverter', 'Avro');
  expect(asked).toBe(1);
});

test('the first that cannot be found is refused in the words of Connect, with what to do', async () => {
  await expect(check('Avro', 'Proto', 'Thrift')).rejects.toThrow(
    'Invalid value Proto for configuration value.converter: Class Proto could not be found. Use a converter that `sluice plugins` shows',
  );
});
