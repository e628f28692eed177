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
    kind: 'converter',
    name: 'boolean',
    aliases: [connect('converters.BooleanConverter')],
    load: async () => (await import('../converters/boolean.ts')).booleanConverter,
  },
  {
    kind: 'converter',
    name: 'double',
    aliases: [connect('converters.DoubleConverter')],
    load: async () => (await import('../converters/double.ts')).doubleConverter,
  },
  {
    kind: 'converter',
    name: 'float',
    aliases: [connect('converters.FloatConverter')],
    load: async () => (await import('../converters/float.ts')).floatConverter,
  },
  {
    kind: 'converter',
    name: 'integer',
    aliases: [connect('converters.IntegerConverter')],
    load: async () => (await import('../converters/integer.ts')).integerConverter,
  },
  {
    kind: 'converter',
    name: 'long',
    aliases: [connect('converters.LongConverter')],
    load: async () => (await import('../converters/long.ts')).longConverter,
  },
  {
    kind: 'converter',
    name: 'short',
    aliases: [connect('converters.ShortConverter')],
    load: async () => (await import('../converters/short.ts')).shortConverter,
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
    name: 'string',
    aliases: [connect('storage.StringConverter')],
    load: async () => (await import('../converters/string.ts')).stringConverter,
  },
];
