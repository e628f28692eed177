import { afterAll, beforeAll, expect, test } from 'vitest';
import { pluginPath } from '../../src/plugins/plugin-path.ts';
import { PluginFolder } from './plugin-folder.ts';

let folder: PluginFolder;
beforeAll(() => {
  folder = new PluginFolder();
  folder.write('plugins/acme/package.json', '{"name":"acme","exports":{".":{"types":"./x.d.ts","import":"./lib/main.js"}}}');
  folder.write('plugins/acme/lib/main.js', '');
  folder.write('plugins/old/package.json', '{"main":"start.js"}');
  folder.write('plugins/old/start.js', '');
  folder.write('plugins/plain/index.mjs', '');
  folder.write('plugins/single.js', '');
  folder.write('plugins/.hidden/index.js', '');
  folder.write('plugins/connect-file-4.3.1.jar', '');
  folder.write('plugins/confluent/lib/some.jar', '');
});
afterAll(() => folder.remove());

const relative = (path: string) => path.replace(`${folder.path}/`, '');

test('a folder stands for the packages and modules in it; jars are told of', async () => {
  const { modules, ignored } = await pluginPath(['plugins'], folder.path);
  expect(modules.map(relative)).toEqual([
    'plugins/acme/lib/main.js',
    'plugins/old/start.js',
    'plugins/plain/index.mjs',
    'plugins/single.js',
  ]);
  expect(ignored.map(({ path, why }) => [relative(path), why])).toEqual([
    ['plugins/confluent', 'it has neither a package.json with a module nor an index.js'],
    ['plugins/connect-file-4.3.1.jar', 'Java plugins do not run here: use the plugin of Sluice or of npm that does the same'],
  ]);
});

test('an element may be a package, a module, or the name of an npm package', async () => {
  const { modules, ignored } = await pluginPath(
    [`${folder.path}/plugins/acme`, ' plugins/single.js ', '@acme/sluice-http', 'other', ''],
    folder.path,
  );
  expect(modules.map(relative)).toEqual(['plugins/acme/lib/main.js', 'plugins/single.js', '@acme/sluice-http', 'other']);
  expect(ignored).toEqual([]);
});

test('a path that is not there is told of', async () => {
  expect(await pluginPath(['/no/such/folder'])).toEqual({
    modules: [],
    ignored: [{ path: '/no/such/folder', why: 'there is no such file or folder' }],
  });
});
