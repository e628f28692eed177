import type { WorkerConfig } from '../config/worker-config.ts';
import { settingsErrors } from '../errors/settings.ts';
import type { RestExtensionDefinition } from '../sdk/rest-extension.ts';
import type { Access, ConfiguredExtension } from './access.ts';
import { loadExtensions } from './extensions/load-extensions.ts';
import { type Listening, listen } from './listen.ts';
import { addressOf, advertisedListener, type Listener, parseListeners } from './listeners.ts';
import { parseHeaderRules } from './response-headers.ts';
import { type RestOptions, type RestPart, restServer } from './server.ts';

/** What the worker gives; the rest is in its settings. */
export type ServedBy = Omit<RestOptions, 'part' | 'access' | 'maskSecrets' | 'worker' | 'maxBodyBytes' | 'topicTracking'>;

/** REST of a worker whose addresses are taken, though nobody answers yet. */
export interface OpenRest {
  /** `host:port` of the advertised address. */
  readonly workerId: string;
  /** Of each listener, that of the workers' own first. */
  readonly urls: readonly string[];
  /** Answers from now on, also the requests that came before. */
  serve(options: ServedBy): Promise<void>;
  /** Takes no more connections; resolves when what is being answered is, or after `graceMs`, when it is cut off. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Opens the listeners that a worker's settings name, before anything else of it starts.
 *
 * Fails when one of them cannot be opened, or when stores, extensions or header rules cannot be used.
 */
export async function openRest({ settings, originals }: WorkerConfig, warn: (message: string) => void): Promise<OpenRest> {
  const access = {
    cors: { origins: settings['access.control.allow.origin'], methods: settings['access.control.allow.methods'] },
    extensions: await extensionsOf(settings['rest.extension.classes'], originals),
    warn,
  };
  const headers = parseHeaderRules(settings['response.http.headers.config']);
  const main = parseListeners(settings.listeners);
  const admin = settings['admin.listeners'];
  const adminPart = admin === null ? 'all' : admin.length === 0 ? 'none' : 'apart';
  // With it comes Node's own TLS, which plain HTTP does without.
  const tls = async (listener: Listener) => (await import('./server-tls.ts')).serverTls(originals, listener);
  const options = { tls, limits: limitsOf(settings) };
  const adminListeners = adminPart === 'apart' ? parseListeners(admin ?? [], 'admin.listeners') : [];
  // What the settings alone can get wrong comes before anything is open.
  const known = advertisedListener(main, settings['rest.advertised.listener']);
  const advertised = { host: settings['rest.advertised.host.name'], port: settings['rest.advertised.port'] };
  const listening = await listen(main, options);
  const adminListening = await listen(adminListeners, options).catch(async (error: unknown) => {
    await listening.close(0);
    throw error;
  });
  const serve = async (on: Listening, part: RestPart, own: ServedBy, given: Access) => {
    const server = await restServer({
      ...own,
      part,
      access: given,
      maxBodyBytes: settings['rest.max.body.bytes'],
      maskSecrets: settings['rest.mask.secrets'],
      onConflict: settings['rest.conflict'],
      worker: originals,
      topicTracking: { enabled: settings['topic.tracking.enable'], resettable: settings['topic.tracking.allow.reset'] },
    });
    on.serve(server.routing);
  };
  return {
    workerId: addressOf(known, listening.ports[main.indexOf(known)] ?? known.port, advertised),
    urls: [...urlsOf(main, listening), ...urlsOf(adminListeners, adminListening)],
    async serve(own) {
      await serve(listening, adminPart === 'all' ? 'all' : 'main', own, { ...access, headers });
      if (adminPart === 'apart') await serve(adminListening, 'admin', own, access);
    },
    async close(graceMs) {
      await Promise.all([listening.close(graceMs), adminListening.close(graceMs)]);
    },
  };
}

const limitsOf = (settings: WorkerConfig['settings']) => ({
  connections: settings['rest.max.connections'],
  receiveMs: settings['rest.receive.timeout.ms'],
});

async function extensionsOf(
  names: readonly string[],
  originals: Readonly<Record<string, string>>,
): Promise<readonly ConfiguredExtension[]> {
  const definitions = await loadExtensions(names);
  return definitions.map((definition) => ({ definition, config: configOf(definition, originals) }));
}

function configOf({ name, config }: RestExtensionDefinition<unknown, never>, originals: Readonly<Record<string, string>>): unknown {
  const { value, problems } = config.parse(originals);
  if (problems.length > 0) throw settingsErrors.WORKER_INVALID({ file: `REST extension ${name}`, problems });
  return value;
}

const urlsOf = (listeners: readonly Listener[], { ports }: Listening): readonly string[] =>
  listeners.map((listener, i) => `${listener.protocol}://${addressOf(listener, ports[i] ?? listener.port)}`);
