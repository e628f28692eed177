import type { FastifyInstance } from 'fastify';
import { SluiceError } from '../../errors/error-table.ts';
import { badRequest, RestError } from '../../errors/rest-error.ts';
import type { ListedPlugin } from '../../plugins/host/questions.ts';
import { keyJson, reportJson } from '../render.ts';
import { configBody } from '../request-body.ts';
import type { RestOptions } from '../server.ts';
import { withReferences } from '../with-references.ts';

interface OfPlugin {
  readonly Params: { readonly plugin: string };
}
type Repeated = string | readonly string[] | undefined;

/** `/connector-plugins`: what a connector config may name, the keys of each, and whether a whole config is good. */
export async function connectorPlugins(server: FastifyInstance, { pluginHost, resolve }: RestOptions): Promise<void> {
  server.get<{ Querystring: { readonly connectorsOnly?: Repeated } }>('/connector-plugins', async ({ query }) => {
    const [connectorsOnly = 'true'] = [query.connectorsOnly].flat();
    const all = await pluginHost.ask('plugins', {});
    const connectors = /^(true)?$/i.test(connectorsOnly);
    return all.filter(({ type }) => !connectors || type === 'sink' || type === 'source').map(pluginJson);
  });

  server.get<OfPlugin & { Querystring: { readonly version?: Repeated } }>(
    '/connector-plugins/:plugin/config',
    async ({ params, query }) => {
      const [version] = [query.version].flat();
      return (await pluginHost.ask('keys', { name: params.plugin, version })).map(keyJson);
    },
  );

  server.put<OfPlugin>('/connector-plugins/:plugin/config/validate', { config: { readsBody: true } }, async (request) => {
    const config = configBody(request);
    const { plugin } = request.params;
    const included = config['connector.class'] ?? null;
    if (included !== null && !withoutSuffix(included).endsWith(withoutSuffix(plugin))) {
      throw badRequest(`Included connector type ${included} does not match request type ${plugin}`);
    }
    const resolved = (await resolve?.(config))?.config ?? config;
    const { report } = await pluginHost.ask('validate', { config: resolved }).catch(asFailure);
    return reportJson(withReferences(report, config, resolved));
  });
}

const pluginJson = ({ class: name, type, version }: ListedPlugin): object => ({
  class: name,
  type,
  ...(version === null ? {} : { version }),
});

const withoutSuffix = (name: string): string => (name.length > 'Connector'.length ? name.replace(/Connector$/, '') : name);

/** What cannot be validated at all is a failure of the request here, where it would be a refusal of a connector that is made. */
function asFailure(error: unknown): never {
  if (error instanceof RestError || error instanceof SluiceError) throw new RestError(500, error.message, error);
  throw error;
}
