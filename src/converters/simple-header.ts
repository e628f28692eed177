import {
  config,
  dataException,
  defineConverter,
  java,
  optionalBytesSchema,
  parseValue,
  type Schema,
  type SchemaAndValue,
  type Value,
  valueText,
} from 'sluice/sdk';

/** Header values as readable texts; reading infers number, date, list and map from the text. Connect's default for headers. */
export const simpleHeaderConverter = defineConverter({
  name: 'simple-header',
  roles: ['header'],
  aliases: ['org.apache.kafka.connect.storage.SimpleHeaderConverter', 'SimpleHeaderConverter'],
  summary: 'Header values as texts, their types inferred when they are read.',
  config: config({}),
  create: () => ({
    fromConnect: () => {
      throw dataException('SimpleHeaderConverter converts headers only.');
    },
    toConnect: () => {
      throw dataException('SimpleHeaderConverter converts headers only.');
    },
    fromConnectHeader: (_topic, _key, schema, value) => write(schema, value),
    toConnectHeader: (_topic, _key, bytes) => read(bytes),
  }),
});

const write = (schema: Schema | null, value: Value): string | null => (value === null ? null : java.encodable(valueText(value, schema)));

function read(bytes: Uint8Array | null): SchemaAndValue | null {
  if (bytes === null) return { schema: null, value: null };
  try {
    return parseValue(java.decodeUtf8(bytes));
  } catch {
    // A date out of every range, say: the bytes are kept rather than lost.
    return { schema: optionalBytesSchema, value: bytes };
  }
}
