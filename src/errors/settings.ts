import { errorTable } from './error-table.ts';

interface UnknownProvider {
  readonly key: string;
  readonly provider: string;
  readonly reason: string;
  readonly known: readonly string[];
}

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
    message: ({ key, provider, reason }: UnknownProvider) => `${key} names ${provider}, which is no config provider: ${reason}.`,
    remedy: ({ known }: UnknownProvider) =>
      `Use one of ${known.join(', ')}, or a module whose default export is made by defineConfigProvider.`,
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
  PROVIDER_TTL: {
    message: ({ key, value }: { key: string; value: string }) => `${key} is no number of milliseconds (${value}).`,
    remedy: 'Give a whole number from 1 on, or leave it out: then values are good for ever.',
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
    remedy: 'Write http://HOST:PORT or https://HOST:PORT; without a host it listens on all addresses.',
  },
  ADVERTISED_LISTENER: {
    message: ({ protocol }: { protocol: string }) =>
      `rest.advertised.listener is ${protocol}, but listeners has no listener of that protocol.`,
    remedy: 'Add one to listeners, or leave rest.advertised.listener out.',
  },
  PORT_IN_USE: {
    message: ({ key, listener }: { key: string; listener: string }) => `${listener} in ${key} is in use by another process.`,
    remedy: ({ key }: { key: string; listener: string }) =>
      `Stop that process, or name another port: ${key}=http://127.0.0.1:8084 (CONNECT_${key.toUpperCase().replaceAll('.', '_')} in the environment).`,
  },
  LISTEN_FAILED: {
    message: ({ key, listener, reason }: { key: string; listener: string; reason: string }) =>
      `Cannot listen on ${listener} (${key}): ${reason}.`,
    remedy: 'Name an address of this machine and a port that this user may open.',
  },
  HEADER_RULE: {
    message: ({ rule }: { rule: string }) => `response.http.headers.config has the rule "${rule}", which cannot be read.`,
    remedy:
      'Write set, add, setDate or addDate, then NAME:VALUE, with commas between rules: set X-Frame-Options:DENY. Dates are milliseconds from now.',
  },
  REST_EXTENSION: {
    message: ({ name, reason }: { name: string; reason: string }) => `${name} in rest.extension.classes cannot be used: ${reason}.`,
    remedy: ({ known }: { name: string; reason: string; known: readonly string[] }) =>
      `Name one of ${known.join(', ')}, or a module whose default export is made by defineRestExtension.`,
  },
  USERS_FILE: {
    message: ({ key, file, line, reason }: { key: string; file: string; line: number; reason: string }) =>
      `${file} (${key}) cannot be used at line ${line}: ${reason}.`,
    remedy: ({ make }: { key: string; file: string; line: number; reason: string; make: string }) => `Make lines by: ${make}`,
  },
});
