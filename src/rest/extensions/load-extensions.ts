import { settingsErrors } from '../../errors/settings.ts';
import { importDefinition } from '../../plugins/import-definition.ts';
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
  return importDefinition<Extension>(name, 'rest-extension').catch((error: unknown) => {
    const known = builtins.flatMap(({ names }) => names.slice(0, 1));
    throw settingsErrors.REST_EXTENSION({ name, reason: error instanceof Error ? error.message : String(error), known }, error);
  });
}
