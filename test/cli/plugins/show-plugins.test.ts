import { expect, test } from 'vitest';
import { listPlugins, pluginPage, pluginsNamed, withPath } from '../../../src/cli/plugins/show-plugins.ts';
import { PluginRegistry } from '../../../src/plugins/registry.ts';
import { config, defineOperator, mapRecord, string } from '../../../src/sdk/index.ts';
import { acmeSource, PluginFolder } from '../../plugins/plugin-folder.ts';

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

test('plugins of a path are listed with the others, and what could not be loaded with the reason', async () => {
  const folder = new PluginFolder();
  try {
    folder.write('acme/index.js', acmeSource);
    folder.write('acme/package.json', '{"type":"module"}');
    const broken = folder.write('broken.mjs', "throw new Error('no licence');");
    const { registry: all, failed } = await withPath(folder.path);
    expect(await listPlugins(all)).toContainEqual({ kind: 'source', name: 'acme', summary: 'Reads nothing.' });
    expect(failed).toEqual([{ kind: 'not loaded', name: broken, summary: expect.stringContaining('could not be imported: no licence.') }]);
  } finally {
    folder.remove();
  }
});
