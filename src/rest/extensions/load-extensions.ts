import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { settingsErrors } from '../../errors/settings.ts';
import { shareHostModules } from '../../plugins/host-resolver.ts';
import type { RestExtensionDefinition } from '../../sdk/rest-extension.ts';

type Extension = RestExtensionDefinition<unknown, never>;

const builtins: readonly { readonly names: readonly string[]; readonly load: () => Promise<Extension> }[] = [
  {
    names: [
      'basic-auth',
      'BasicAuthSecurityRestExtension',
      'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension',
    ],
    load: async () => (await import('./basic-auth.ts')).basicAuth as Extension,
  },
  { names: ['bearer-tokens'], load: async () => (await import('./bearer-tokens.ts')).bearerTokens as Extension },
];

/** The extensions that `rest.extension.classes` lists, in that order: ours by name, others by the package or file that exports them. */
export const loadExtensions = (names: readonly string[]): Promise<readonly Extension[]> => Promise.all(names.map(load));

async function load(name: string): Promise<Extension> {
  const builtin = builtins.find(({ names }) => names.includes(name));
  if (builtin) return builtin.load();
  const refuse = (reason: string, cause?: unknown) =>
    settingsErrors.REST_EXTENSION({ name, reason, known: builtins.flatMap(({ names }) => names.slice(0, 1)) }, cause);
  const isFile = /^(\.{0,2}\/|file:)/.test(name);
  const specifier = isFile && !name.startsWith('file:') ? pathToFileURL(resolve(name)).href : name;
  shareHostModules(import.meta.url);
  const module = await import(specifier).catch((error: unknown) => {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  });
  if (!isExtension(module.default)) throw refuse('its default export is no REST extension');
  return module.default;
}

const isExtension = (value: unknown): value is Extension =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'rest-extension';
