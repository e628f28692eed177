import { hostname } from 'node:os';
import { settingsErrors } from '../errors/settings.ts';

export type Protocol = 'http' | 'https';

export interface Listener {
  /** As it was configured, for errors. */
  readonly text: string;
  /** The setting that lists it. */
  readonly key: string;
  readonly protocol: Protocol;
  /** Empty: all addresses. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

const pattern = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/;

/** Parses the addresses that a setting lists. */
export const parseListeners = (texts: readonly string[], key = 'listeners'): readonly Listener[] => texts.map((text) => parse(text, key));

function parse(text: string, key: string): Listener {
  const [, scheme = '', host = '', port = ''] = pattern.exec(text) ?? [];
  const protocol = scheme.toLowerCase();
  const portNumber = Number(port);
  const isListener = (protocol === 'http' || protocol === 'https') && portNumber >= 0 && portNumber <= 65_535;
  if (!isListener) throw settingsErrors.LISTENER({ key, listener: text });
  return { text, key, protocol, host, port: portNumber };
}

/** What `rest.advertised.*` says. */
export interface Advertised {
  readonly host: string | null;
  readonly port: number | null;
  /** `http` or `https`. */
  readonly listener: string | null;
}

/** A listener and the port that it has in the end. */
export interface Bound {
  readonly listener: Listener;
  readonly port: number;
}

/**
 * Protocol, host and port under which others reach this worker: what is advertised, else those of a listener; of several, one with the
 * advertised protocol, else one without TLS. `host:port` is the worker's id.
 */
export function advertisedAddress(
  bound: readonly Bound[],
  advertised: Advertised,
): { readonly protocol: Protocol; readonly address: string } {
  const wanted = advertised.listener?.toLowerCase() ?? (bound.some(({ listener }) => listener.protocol === 'http') ? 'http' : 'https');
  const found = bound.find(({ listener }) => listener.protocol === wanted);
  if (found === undefined) throw settingsErrors.ADVERTISED_LISTENER({ protocol: wanted });
  const { listener, port } = found;
  const anywhere = ['', '0.0.0.0', '::'].includes(listener.host);
  const host = advertised.host ?? (anywhere ? hostname() : listener.host);
  return { protocol: listener.protocol, address: `${host.includes(':') ? `[${host}]` : host}:${advertised.port ?? port}` };
}
