import type { FastifyInstance } from 'fastify';
import type { PluginKind } from '../../graph/graph.ts';
import type { PluginEntry } from '../../plugins/plugin-entry.ts';
import type { RestOptions } from '../server.ts';

interface PluginJson {
  readonly class: string;
  readonly type: string;
  readonly version: string;
}

const types: Readonly<Record<PluginKind, string>> = {
  sink: 'sink',
  source: 'source',
  operator: 'transformation',
  predicate: 'predicate',
  converter: 'converter',
};
const order = Object.values(types);

/** `GET /connector-plugins`: what a connector config may name, by Java class. */
export async function connectorPlugins(server: FastifyInstance, { plugins, about }: RestOptions): Promise<void> {
  server.get<{ Querystring: { readonly connectorsOnly?: string | readonly string[] } }>('/connector-plugins', async ({ query }) => {
    const [connectorsOnly = 'true'] = [query.connectorsOnly].flat();
    const all = plugins.entries.flatMap((entry) => described(entry, about.pluginVersion));
    const listed = connectorsOnly.toLowerCase() === 'true' ? all.filter(({ type }) => type === 'sink' || type === 'source') : all;
    return unique(listed).sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  });
}

/** Only what has a Java class can stand in a connector config. */
const described = ({ kind, aliases }: PluginEntry, version: string): readonly PluginJson[] =>
  aliases.filter((alias) => alias.includes('.')).map((alias) => ({ class: alias, type: types[kind], version }));

const unique = (plugins: readonly PluginJson[]): PluginJson[] => [
  ...new Map(plugins.map((plugin) => [`${plugin.type} ${plugin.class}`, plugin])).values(),
];
