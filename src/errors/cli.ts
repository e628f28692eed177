import { errorTable } from './error-table.ts';

/** Errors of the command line. */
export const cliErrors = errorTable('CLI', {
  PIPELINE_FILE_MISSING: {
    message: ({ file }: { file: string }) => `There is no file ${file}.`,
    remedy: 'Give the path of a module whose default export is a pipeline (sluice run FILE.ts), or of a connector.',
  },
  PIPELINE_FILE_INVALID: {
    message: ({ file, found }: { file: string; found: string }) => `The default export of ${file} is not a pipeline (it is ${found}).`,
    remedy: "End it with: export default pipeline('name').from(…).to(…)",
  },
  PIPELINE_FILE_BROKEN: {
    message: ({ file, reason }: { file: string; reason: string }) => `${file} cannot be loaded: ${reason}.`,
    remedy: 'Mend the file; --debug shows where.',
  },
  PACKAGE_NOT_FOUND: {
    message: ({ file, name }: { file: string; name: string }) => `${file} imports ${name}, which is not installed where the file is.`,
    remedy: ({ name }: { name: string }) => `Run there: npm install ${name}`,
  },
  RUN_NEITHER: {
    message: ({ file }: { file: string }) => `${file} is neither a connector (it has no connector.class) nor a pipeline (it has no nodes).`,
    remedy:
      'Write {"name": "…", "connector.class": "…", …}, {"name": "…", "config": {…}}, the same as properties, or {"name": "…", "nodes": […]}.',
  },
  RUN_WORKER: {
    message: ({ file }: { file: string }) => `${file} holds the settings of a worker, and sluice run has none.`,
    remedy: ({ file }: { file: string }) => `Run: sluice standalone ${file} CONNECTOR_FILE…`,
  },
  RUN_REFERENCE: {
    message: ({ file, key, reference }: { file: string; key: string; reference: string }) =>
      `${file} refers to a config provider (${key}: ${reference}), and sluice run has none.`,
    remedy: ({ file }: { file: string; key: string; reference: string }) =>
      `Write the value itself, or let a worker look it up: sluice standalone WORKER.properties ${file}, with config.providers in WORKER.properties.`,
  },
  TRY_CONFIG: {
    message: ({ file, reason }: { file: string; reason: string }) =>
      `The transforms of ${file} cannot be built: ${reason.replace(/\.$/, '')}.`,
    remedy: ({ reason }: { file: string; reason: string }) =>
      / could not be found\.?$/.test(reason)
        ? 'Correct the name (sluice plugins shows all), or say where the plugin is: --plugin-path PATHS'
        : 'Correct the config; sluice plugins NAME shows the keys of a transform.',
  },
  TOPIC_UNKNOWN: {
    message: ({ topic }: { topic: string }) => `There is no topic ${topic}.`,
    remedy: ({ topic }: { topic: string }) =>
      `See what is there: sluice topics list (--data DIR names another folder); make it: sluice topics create ${topic}`,
  },
  TOPIC_EXISTS: {
    message: ({ topic }: { topic: string }) => `Topic ${topic} exists already.`,
    remedy: 'Choose another name, or use it as it is.',
  },
  PARTITION_UNKNOWN: {
    message: ({ topic, partition, partitions }: { topic: string; partition: number; partitions: number }) =>
      `Topic ${topic} has no partition ${partition}: it has ${partitions}, counted from 0.`,
    remedy: 'Leave --partition out, or name one that there is.',
  },
  INPUT_MISSING: {
    message: ({ file }: { file: string }) => `There is no file ${file} (--file).`,
    remedy: 'Name one that exists, or leave --file out to have one generated.',
  },
  INPUT_UNREADABLE: {
    message: ({ file, reason }: { file: string; reason: string }) => `${file} (--file) cannot be read: ${reason}.`,
    remedy: 'Name a file that this user may read, or leave --file out to have one generated.',
  },
  INPUT_WITHOUT_LINES: {
    message: ({ file }: { file: string }) => `${file} (--file) holds no complete line.`,
    remedy: 'A line counts when it ends with a newline. Name another file, or leave --file out to have one generated.',
  },
  FOLDER_TAKEN: {
    message: ({ folder }: { folder: string }) => `Folder ${folder} is there already, and no quickstart made it.`,
    remedy: 'Name another place with --data DIR; the quickstart works in DIR/quickstart.',
  },
  FILES_DIFFER: {
    message: ({ input, output }: { input: string; output: string }) => `${output} is not equal to ${input}.`,
    remedy: 'This is a bug of Sluice: please report it with both files (--keep keeps them).',
  },
  NOBODY_LISTENS: {
    message: ({ url }: { url: string }) => `Nothing listens at ${url}.`,
    remedy: 'Start a worker there (sluice standalone), or name the one you mean with --url.',
  },
  WORKER_UNREACHABLE: {
    message: ({ url, reason }: { url: string; reason: string }) => `The worker at ${url} cannot be asked: ${reason}.`,
    remedy: 'Check --url.',
  },
  WORKER_UNTRUSTED: {
    message: ({ url, reason }: { url: string; reason: string }) =>
      `The certificate of the worker at ${url} is of an authority that is not known here (${reason}).`,
    remedy: 'Set NODE_EXTRA_CA_CERTS=FILE to the certificate of its authority (PEM).',
  },
  WORKER_WITHOUT_TLS: {
    message: ({ url }: { url: string; reason: string }) => `The worker at ${url} cannot be asked: it does not speak TLS.`,
    remedy: 'Write http:// in --url.',
  },
  WORKER_CERTIFICATE: {
    message: ({ url, reason }: { url: string; reason: string }) => `The certificate of the worker at ${url} is not valid: ${reason}.`,
    remedy: 'Name a host of the certificate in --url, or have it renewed.',
  },
  NO_BROKERS: {
    message: () => '--command-config says how brokers are reached, and no brokers are named.',
    remedy: 'Add --bootstrap HOST:PORT.',
  },
  CLUSTER_REFUSED: {
    message: ({ reason }: { reason: string }) => reason,
    remedy: 'Give such properties in a file: --command-config FILE',
  },
  LOGIN_REFUSED: {
    message: ({ url }: { url: string }) => `The worker at ${url} wants to know who asks, and got no login that it knows (HTTP 401).`,
    remedy: 'Put one into --url: http://USER:PASSWORD@HOST:PORT, or http://:TOKEN@HOST:PORT.',
  },
  WORKER_REFUSED: {
    message: ({ status, message }: { status: number; message: string }) => `${message} (HTTP ${status})`,
    remedy: '',
  },
  CONNECTOR_UNKNOWN: {
    message: ({ name }: { name: string; near: readonly string[] }) => `There is no connector ${name}.`,
    remedy: ({ near }: { name: string; near: readonly string[] }) =>
      `${near.length > 0 ? `Near names: ${near.join(', ')}. ` : ''}See what is there: sluice ls`,
  },
  CONFIG_TWICE: {
    message: ({ name }: { name: string }) => `--file replaces the config of ${name}, --set and --unset change it.`,
    remedy: 'Give one or the other.',
  },
  NO_CLUSTER: {
    message: ({ file }: { file: string }) =>
      `A distributed worker keeps its state on topics of Kafka, and the worker configuration (${file}) has no bootstrap.servers.`,
    remedy: 'Set bootstrap.servers to HOST:PORT of brokers; or run sluice standalone, which needs no Kafka.',
  },
  STARTUP_CONNECTOR: {
    message: ({ name, file, reason }: { name: string; file: string; reason: string }) =>
      `Connector ${name} (${file}) cannot be started: ${reason}`,
    remedy: '',
  },
  LOGIN_NAME: {
    message: ({ name }: { name: string }) => `"${name}" cannot be the name of somebody who logs in.`,
    remedy: 'Leave out colons, # and spaces.',
  },
  NO_PASSWORD: {
    message: ({ user }: { user: string }) => `There is no password for ${user} on standard input.`,
    remedy: 'Type it, or pipe it in: sluice password USER < FILE.',
  },
});
