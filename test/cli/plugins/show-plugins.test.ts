import { expect, test } from 'vitest';
import { listPlugins, pluginPage, pluginsNamed } from '../../../src/cli/plugins/show-plugins.ts';
import { PluginRegistry } from '../../../src/plugins/registry.ts';
import { config, defineOperator, mapRecord, string } from '../../../src/sdk/index.ts';

const shout = defineOperator({
  name: 'shout',
  aliases: ['org.example.Shout'],
  summary: 'Makes values loud.',
  config: config({ mark: string({ default: '!', importance: 'low', doc: 'What to add.' }) }),
  create: () => mapRecord((record) => record),
});
const registry = new PluginRegistry([{ kind: 'operator', name: 'shout', aliases: ['org.example.Shout'], load: async () => shout }]);

test('plugins are listed with kind, name and summary', async () => {
  expect(await listPlugins(registry)).toEqual([{ kind: 'operator', name: 'shout', summary: 'Makes values loud.' }]);
});

test('a plugin is described under any of its names', async () => {
  expect((await pluginsNamed(registry, 'Shout')).map(pluginPage).join()).toBe(
    'shout (operator)\n\nMakes values loud.\n\nAlso called:\n  org.example.Shout\n\nConfiguration:\n  mark  STRING, default "!", importance low\n      What to add.\n',
  );
});

test('an unknown name is an error that names near ones', async () => {
  await expect(pluginsNamed(registry, 'shoot')).rejects.toThrow(
    'There is no plugin named shoot. Near names: shout, Shout. Run: sluice plugins',
  );
});
