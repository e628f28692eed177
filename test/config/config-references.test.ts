import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigReferences } from '../../src/config/config-references.ts';
import { importDefinition } from '../../src/plugins/import-definition.ts';
import type { ConfigProviderDefinition } from '../../src/sdk/config-provider.ts';

let folder: string;
let secrets: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-references-'));
  mkdirSync(join(folder, 'in'));
  secrets = join(folder, 'in', 'secrets.properties');
  writeFileSync(secrets, 'user=ann\npassword=s3cr\\u00e9t\nnested=${env:HOME}\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const warnings: string[] = [];
const importProvider = (name: string) => importDefinition<ConfigProviderDefinition>(name, 'config-provider');
const references = (params: Record<string, string> = {}) =>
  ConfigReferences.of(
    {
      'config.providers': 'file, env,directory',
      'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
      'config.providers.env.class': 'EnvVarConfigProvider',
      'config.providers.directory.class': 'DirectoryConfigProvider',
      ...params,
    },
    { environment: { HOME: '/home/ann', SECRET: 'x' }, warn: (message) => warnings.push(message), importProvider },
  );
const resolve = async (value: string, params?: Record<string, string>) =>
  (await (await references(params)).resolve({ value })).config['value'];

test('references are replaced within the text around them, and results are not looked at again', async () => {
  expect(await resolve(`<\${file:${secrets}:user}/\${env:HOME}>\${file:${secrets}:nested}`)).toBe('<ann//home/ann>${env:HOME}');
});

test.each([['${other:a:b}'], ['${env:NOT_SET}'], ['${env}'], ['$env:HOME'], ['${file::user}']])('%s stays as it is', async (value) => {
  expect(await resolve(value)).toBe(value);
});

test('a folder gives the whole content of a file, and nothing outside of it', async () => {
  writeFileSync(join(folder, 'token'), 'abc\n');
  expect(await resolve(`\${directory:${folder}:token}`)).toBe('abc\n');
  expect(await resolve(`\${directory:${join(folder, 'in')}:../token}`)).toBe(`\${directory:${join(folder, 'in')}:../token}`);
});

test('a path that allowed.paths does not name is answered with nothing, with a warning', async () => {
  const allowed = { 'config.providers.file.param.allowed.paths': join(folder, 'in') };
  expect(await resolve(`\${file:${secrets}:user}`, allowed)).toBe('ann');
  const escaped = `\${file:${join(folder, 'in')}/../out.properties:user}`;
  writeFileSync(join(folder, 'out.properties'), 'user=eve\n');
  expect(await resolve(escaped, allowed)).toBe(escaped);
  expect(await resolve(`\${file:${join(folder, 'inner')}:user}`, allowed)).toBe(`\${file:${join(folder, 'inner')}:user}`);
  expect(warnings).toContain('a config reference names a path that allowed.paths does not allow');
});

test('only variables whose whole name matches the allow list are given', async () => {
  const allowed = { 'config.providers.env.param.allowlist.pattern': 'HOM|SECRET' };
  expect(await resolve('${env:HOME} ${env:SECRET}', allowed)).toBe('${env:HOME} x');
});

test.each([
  ['${file:/none/at/all:key}', /A config provider cannot read \/none\/at\/all: there is no such file\./],
  ['${env:/path:KEY}', /Environment variables have no path, but a reference gives \/path\./],
])('%s fails and says why', async (value, message) => {
  await expect(resolve(value)).rejects.toThrow(message);
});

test.each([
  [
    { 'config.providers.file.class': 'Vault' },
    /config\.providers\.file\.class names Vault, which is no config provider: .*Vault.*Use one of /,
  ],
  [{ 'config.providers': 'lost' }, /Config provider lost has no class\. Set config\.providers\.lost\.class\./],
  [
    { 'config.providers.file.param.allowed.paths': 'in' },
    /config\.providers\.file\.param\.allowed\.paths lists in, which is not absolute\./,
  ],
  [
    { 'config.providers.file.param.ttl.ms': 'soon' },
    /config\.providers\.file\.param\.ttl\.ms is no number of milliseconds \(soon\)\. Give a whole number from 1 on/,
  ],
  [{ 'config.providers.directory.param.ttl.ms': '0' }, /config\.providers\.directory\.param\.ttl\.ms is no number of milliseconds \(0\)/],
  [{ 'config.providers.env.param.allowlist.pattern': '(' }, /allowlist\.pattern is no regular expression \(\(\)/],
])('settings %j are refused', async (params, message) => {
  await expect(references(params)).rejects.toThrow(message);
});

test('values of files and folders are good for ttl.ms, the shortest of them counts, and less than nothing is no time', async () => {
  writeFileSync(join(folder, 'token'), 'abc');
  const params = { 'config.providers.file.param.ttl.ms': '9000', 'config.providers.directory.param.ttl.ms': '7000' };
  const file = `\${file:${secrets}:user}`;
  const directory = `\${directory:${folder}:token}`;
  expect(await (await references(params)).resolve({ file, home: '${env:HOME}' })).toMatchObject({ ttlMs: 9000 });
  expect(await (await references(params)).resolve({ file, directory })).toMatchObject({ ttlMs: 7000 });
  expect(await (await references()).resolve({ file, directory })).not.toHaveProperty('ttlMs');
  const vault = { kind: 'config-provider', name: 'vault', summary: 'A vault.' } as const;
  const importProvider = async () => ({ ...vault, open: () => ({ get: async () => ({ data: { key: 'x' }, ttlMs: -1 }) }) });
  const worker = { 'config.providers': 'vault', 'config.providers.vault.class': 'vault' };
  const some = await ConfigReferences.of(worker, { environment: {}, warn: () => undefined, importProvider });
  expect(await some.resolve({ key: '${vault:key}' })).toEqual({ config: { key: 'x' }, provided: ['x'] });
});

test('a provider of a file or a package is asked with its parameters', async () => {
  const file = join(folder, 'vault.mjs');
  writeFileSync(
    file,
    `export default { kind: 'config-provider', name: 'vault', summary: 'A vault.', open: ({ params }) => ({
       get: async (path, keys) => ({ data: Object.fromEntries(keys.map((key) => [key, params.at + path + key])), ttlMs: 5 }) }) };`,
  );
  const params = { 'config.providers': 'vault', 'config.providers.vault.class': file, 'config.providers.vault.param.at': 'v:' };
  expect(await (await references(params)).resolve({ a: '${vault:db:password}' })).toEqual({
    config: { a: 'v:dbpassword' },
    provided: ['v:dbpassword'],
    ttlMs: 5,
  });
});
