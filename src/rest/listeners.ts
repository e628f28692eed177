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

/** Which of the listeners others are told of: one of the protocol that `rest.advertised.listener` names, else one without TLS. */
export function advertisedListener(listeners: readonly Listener[], protocol: string | null): Listener {
  const wanted = protocol?.toLowerCase() ?? (listeners.some((listener) => listener.protocol === 'http') ? 'http' : 'https');
  const found = listeners.find((listener) => listener.protocol === wanted);
  if (found === undefined) throw settingsErrors.ADVERTISED_LISTENER({ protocol: wanted });
  return found;
}

/** What `rest.advertised.*` says. */
export interface Advertised {
  readonly host: string | null;
  readonly port: number | null;
}

/** `host:port` under which others reach a listener that has this port in the end; of the advertised one it is the worker's id. */
export function addressOf(listener: Listener, port: number, advertised: Advertised = { host: null, port: null }): string {
  const anywhere = ['', '0.0.0.0', '::'].includes(listener.host);
  const host = advertised.host ?? (anywhere ? hostname() : listener.host);
  return `${host.includes(':') ? `[${host}]` : host}:${advertised.port ?? port}`;
}
