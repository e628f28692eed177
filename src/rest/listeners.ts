import { hostname } from 'node:os';
import { settingsErrors } from '../errors/settings.ts';

export interface Listener {
  /** As it was configured, for errors. */
  readonly text: string;
  readonly protocol: 'http';
  /** Empty: all addresses. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

const pattern = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/;

/** Parses the addresses of `listeners`. */
export const parseListeners = (texts: readonly string[]): readonly Listener[] => texts.map(parse);

function parse(text: string): Listener {
  const [, scheme = '', host = '', port = ''] = pattern.exec(text) ?? [];
  const protocol = scheme.toLowerCase();
  const portNumber = Number(port);
  if (protocol === 'https') throw settingsErrors.LISTENER_HTTPS({ listener: text });
  if (protocol !== 'http' || !(portNumber >= 0 && portNumber <= 65_535))
    throw settingsErrors.LISTENER({ key: 'listeners', listener: text });
  return { text, protocol, host, port: portNumber };
}

/** What `rest.advertised.*` says. */
export interface Advertised {
  readonly host: string | null;
  readonly port: number | null;
}

/** `host:port` under which others reach this worker: what is advertised, else the first listener with its actual port. It is the worker's id. */
export function advertisedAddress(listener: Listener, boundPort: number, advertised: Advertised): string {
  const anywhere = ['', '0.0.0.0', '::'].includes(listener.host);
  const host = advertised.host ?? (anywhere ? hostname() : listener.host);
  return `${host.includes(':') ? `[${host}]` : host}:${advertised.port ?? boundPort}`;
}
