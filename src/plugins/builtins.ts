import type { PluginEntry } from './plugin-entry.ts';

const connect = (name: string): string => `org.apache.kafka.connect.${name}`;

/** What comes with the package. Listed rather than searched for, so that a name costs no import; a test compares the list with the folders. */
export const builtins: readonly PluginEntry[] = [
  {
    kind: 'source',
    name: 'file',
    aliases: [connect('file.FileStreamSourceConnector')],
    load: async () => (await import('../../connectors/file/index.ts')).fileSource,
  },
  {
    kind: 'sink',
    name: 'file',
    aliases: [connect('file.FileStreamSinkConnector')],
    load: async () => (await import('../../connectors/file/index.ts')).fileSink,
  },
  {
    kind: 'source',
    name: 'kafka-topic',
    aliases: [],
    load: async () => (await import('../../connectors/kafka/index.ts')).kafkaTopicSource,
  },
  {
    kind: 'sink',
    name: 'kafka-topic',
    aliases: [],
    load: async () => (await import('../../connectors/kafka/index.ts')).kafkaTopicSink,
  },
  {
    kind: 'source',
    name: 'kafka-topic',
    aliases: [],
    load: async () => (await import('../../connectors/kafka/index.ts')).kafkaTopicSource,
  },
  {
    kind: 'sink',
    name: 'kafka-topic',
    aliases: [],
    load: async () => (await import('../../connectors/kafka/index.ts')).kafkaTopicSink,
  },
  {
    kind: 'converter',
    name: 'byte-array',
    aliases: [connect('converters.ByteArrayConverter')],
    load: async () => (await import('../converters/byte-array.ts')).byteArrayConverter,
  },
  {
    kind: 'converter',
    name: 'json',
    aliases: [connect('json.JsonConverter')],
    load: async () => (await import('../converters/json.ts')).jsonConverter,
  },
  {
    kind: 'converter',
    name: 'simple-header',
    aliases: [connect('storage.SimpleHeaderConverter')],
    load: async () => (await import('../converters/simple-header.ts')).simpleHeaderConverter,
  },
  {
    kind: 'converter',
    name: 'json',
    aliases: [connect('json.JsonConverter')],
    load: async () => (await import('../converters/json.ts')).jsonConverter,
  },
  {
    kind: 'converter',
    name: 'string',
    aliases: [connect('storage.StringConverter')],
    load: async () => (await import('../converters/string.ts')).stringConverter,
  },
];
