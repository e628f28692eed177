import {
  config,
  converterKeys,
  dataException,
  defineConverter,
  javaClassName,
  optionalBooleanSchema,
  type Schema,
  type SchemaAndValue,
  type Value,
} from 'sluice/sdk';

/** `true` and `false` as one byte, 1 or 0. Reads them as optional. */
export const booleanConverter = defineConverter({
  name: 'boolean',
  aliases: ['org.apache.kafka.connect.converters.BooleanConverter'],
  summary: 'True and false, in one byte.',
  config: config(converterKeys),
  create: () => ({
    fromConnect: (_topic, schema, value) => write(schema, value),
    toConnect: (_topic, bytes) => read(bytes),
    fromConnectHeader: (_topic, _key, schema, value) => write(schema, value),
    toConnectHeader: (_topic, _key, bytes) => read(bytes),
  }),
});

function write(schema: Schema | null, value: Value): Uint8Array | null {
  if (schema !== null && schema.type !== 'boolean') {
    throw dataException(`Invalid schema type for BooleanConverter: ${schema.type.toUpperCase()}`);
  }
  if (value === null) return null;
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  throw dataException(`BooleanConverter is not compatible with objects of type class ${javaClassName(value, schema)}`);
}

function read(bytes: Uint8Array | null): SchemaAndValue {
  if (bytes === null) return { schema: optionalBooleanSchema, value: null };
  const [byte] = bytes;
  if (bytes.length !== 1 || byte === undefined || byte > 1) throw dataException('Failed to deserialize boolean: ');
  return { schema: optionalBooleanSchema, value: byte === 1 };
}
