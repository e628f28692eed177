import { errorTable } from './error-table.ts';

/** Errors of configuration files, of the worker's settings and of config providers. */
export const settingsErrors = errorTable('SETTINGS', {
  FILE_UNREADABLE: {
    message: ({ what, file, reason }: { what: string; file: string; reason: string }) => `The ${what} ${file} cannot be read: ${reason}.`,
    remedy: 'Check the path and the rights of this user.',
  },
  FILE_MALFORMED: {
    message: ({ what, file, reason }: { what: string; file: string; reason: string }) =>
      `The ${what} ${file} is not well formed: ${reason}.`,
    remedy: 'Correct the file.',
  },
  CONNECTOR_JSON: {
    message: ({ file, reason }: { file: string; reason: string }) =>
      `The connector file ${file} looks like JSON, but cannot be used: ${reason}.`,
    remedy: 'Write {"name": "…", "connector.class": "…", …} or {"name": "…", "config": {…}}.',
  },
  CONNECTOR_NAME: {
    message: ({ file }: { file: string }) => `The connector file ${file} has no name.`,
    remedy: 'Add the key name.',
  },
  CONNECTOR_TWICE: {
    message: ({ name, files }: { name: string; files: readonly string[] }) =>
      `Two connector files have name=${name}: ${files.join(' and ')}.`,
    remedy: 'Give each connector a name of its own.',
  },
  WORKER_INVALID: {
    message: ({ file, problems }: { file: string; problems: readonly { key: string; message: string }[] }) =>
      `The worker configuration (${file}) is invalid${problems.map(({ key, message }) => `\n  at ${key}: ${message}`).join('')}\n`,
    remedy: 'Correct these keys in the file, or set them in the environment: offset.flush.interval.ms is CONNECT_OFFSET_FLUSH_INTERVAL_MS.',
  },
  PROVIDER_UNKNOWN: {
    message: ({ key, provider }: { key: string; provider: string; known: readonly string[] }) =>
      `${key} names ${provider}, which is no config provider.`,
    remedy: ({ known }: { key: string; provider: string; known: readonly string[] }) => `Use one of ${known.join(', ')}.`,
  },
  PROVIDER_CLASS: {
    message: ({ name }: { name: string }) => `Config provider ${name} has no class.`,
    remedy: ({ name }: { name: string }) => `Set config.providers.${name}.class.`,
  },
  PROVIDER_PATH: {
    message: ({ key, path, reason }: { key: string; path: string; reason: string }) => `${key} lists ${path}, which ${reason}.`,
    remedy: 'List absolute paths of files and folders that exist.',
  },
  PROVIDER_PATTERN: {
    message: ({ key, pattern, reason }: { key: string; pattern: string; reason: string }) =>
      `${key} is no regular expression (${pattern}): ${reason}.`,
    remedy: 'Correct the pattern; it has to match the whole name of a variable.',
  },
  PROVIDER_READ: {
    message: ({ path, reason }: { path: string; reason: string }) => `A config provider cannot read ${path}: ${reason}.`,
    remedy: 'Check the reference ${provider:path:key}, and the rights of this user.',
  },
  PROVIDER_NO_PATH: {
    message: ({ path }: { path: string }) => `Environment variables have no path, but a reference gives ${path}.`,
    remedy: 'Write ${env:NAME}.',
  },
  LISTENER: {
    message: ({ key, listener }: { key: string; listener: string }) => `${key} lists ${listener}, which is no listener.`,
    remedy: 'Write http://HOST:PORT; without a host it listens on all addresses.',
  },
  LISTENER_HTTPS: {
    message: ({ listener }: { listener: string }) => `${listener} in listeners cannot be served: there is no HTTPS here.`,
    remedy: 'Use an http:// listener on the loopback address behind a proxy that speaks TLS.',
  },
  PORT_IN_USE: {
    message: ({ listener }: { listener: string }) => `${listener} in listeners is in use by another process.`,
    remedy: 'Stop that process, or name another port: listeners=http://127.0.0.1:8084 (CONNECT_LISTENERS in the environment).',
  },
  LISTEN_FAILED: {
    message: ({ listener, reason }: { listener: string; reason: string }) => `Cannot listen on ${listener} (listeners): ${reason}.`,
    remedy: 'Name an address of this machine and a port that this user may open.',
  },
});
