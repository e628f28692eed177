import type { ConfigDefinition } from './config.ts';

/** What an extension may see of the worker: names, configs and states of connectors, never their records. */
export interface RestExtensionContext {
  connectors(): readonly string[];
  /** As REST shows it. Throws when there is no such connector. */
  config(name: string): Readonly<Record<string, string | null>>;
  state(name: string): { readonly connector: string; readonly tasks: readonly string[] };
  readonly clusterId: string;
  warn(message: string): void;
}

/**
 * Something added to REST: who may call, further routes, what is written down about calls. Named in `rest.extension.classes`.
 *
 * `Server` is the web server that the worker runs on: Fastify 5, whose types an author takes from Fastify itself.
 */
export interface RestExtensionDefinition<C = unknown, Server = never> {
  readonly kind: 'rest-extension';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Keys of the worker's configuration. */
  readonly config: ConfigDefinition<C>;
  /** Adds hooks and routes, before the worker adds its own. Called for each server that the worker opens. */
  register(server: Server, config: C, context: RestExtensionContext): void | Promise<void>;
}

/** An extension of REST: the default export of a module that `rest.extension.classes` names. */
export const defineRestExtension = <C, Server>(
  spec: Omit<RestExtensionDefinition<C, Server>, 'kind'>,
): RestExtensionDefinition<C, Server> => Object.freeze({ kind: 'rest-extension', ...spec });
