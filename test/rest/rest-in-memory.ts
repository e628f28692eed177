import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterEach, beforeEach } from 'vitest';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { type RestOptions, restServer } from '../../src/rest/server.ts';
import { FakeConnectors } from './fake-connectors.ts';
import { hostOfPlugins } from './plugin-host.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** REST over connectors in memory. Nothing listens, unless `server` is told to. */
export class RestInMemory {
  readonly server: FastifyInstance;
  readonly worker: FakeConnectors;

  private constructor(server: FastifyInstance, worker: FakeConnectors) {
    this.server = server;
    this.worker = worker;
  }

  static async open(options: Pick<RestOptions, 'pluginHost'> & Partial<RestOptions>, worker = new FakeConnectors()): Promise<RestInMemory> {
    const about = { version: '4.3.1', commit: 'abc', clusterId: 'cluster', pluginVersion: '1' };
    const server = await restServer({ connectors: worker, plugins: new PluginRegistry(), about, healthTimeoutMs: 0, ...options });
    return new RestInMemory(server, worker);
  }

  /** The answer as it is. */
  async inject(request: InjectOptions) {
    const { statusCode: status, headers, body } = await this.server.inject(request);
    return { status, headers, body };
  }

  /** With a body of JSON both ways; a text is sent as it is. */
  async call(method: Method, url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await this.inject({ method, url, ...payload, headers: { ...type, ...headers } });
    return { ...answer, body: answer.body === '' ? null : JSON.parse(answer.body) };
  }
}

/** REST for the tests of a file: new for each test, which may start it again with other options. */
export function restForTests(modules: readonly string[] = []) {
  const pluginHost = hostOfPlugins(modules);
  let rest: RestInMemory;
  const start = async (options: Partial<RestOptions> = {}, worker?: FakeConnectors) => {
    rest = await RestInMemory.open({ pluginHost, ...options }, worker);
  };
  beforeEach(() => start());
  afterEach(() => rest.server.close());
  return {
    start,
    get worker() {
      return rest.worker;
    },
    get server() {
      return rest.server;
    },
    call: (...request: Parameters<RestInMemory['call']>) => rest.call(...request),
    inject: (request: InjectOptions) => rest.inject(request),
  };
}

/** An answer that refuses, as Connect's. */
export const refusal = (status: number, message: string) => ({ status, body: { error_code: status, message } });

/** The request that makes a connector. */
export const create = (name: string, headers: Readonly<Record<string, string>> = {}, config: object = { file: 'x' }): InjectOptions => ({
  method: 'POST',
  url: '/connectors',
  payload: JSON.stringify({ name, config }),
  headers: { 'content-type': 'application/json', ...headers },
});
