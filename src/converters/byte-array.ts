import {
  config,
  converterKeys,
  dataException,
  defineConverter,
  javaClassName,
  optionalBytesSchema,
  type Schema,
  type SchemaAndValue,
  type Value,
} from 'sluice/sdk';

/** Bytes as they are. Writes bytes only; reads everything as optional bytes. */
export const byteArrayConverter = defineConverter({
  name: 'byte-array',
  aliases: ['org.apache.kafka.connect.converters.ByteArrayConverter'],
  summary: 'Bytes, unchanged.',
  config: config(converterKeys),
  create: () => ({
    fromConnect: (_topic, schema, value) => write(schema, value),
    toConnect: (_topic, bytes) => read(bytes),
    fromConnectHeader: (_topic, _key, schema, value) => write(schema, value),
    toConnectHeader: (_topic, _key, bytes) => read(bytes),
  }),
});

const read = (value: Uint8Array | null): SchemaAndValue => ({ schema: optionalBytesSchema, value });

function write(schema: Schema | null, value: Value): Uint8Array | null {
  if (schema !== null && schema.type !== 'bytes') {
    throw dataException(`Invalid schema type for ByteArrayConverter: ${schema.type.toUpperCase()}`);
  }
  if (value === null || value instanceof Uint8Array) return value;
  throw dataException(`ByteArrayConverter is not compatible with objects of type class ${javaClassName(value, schema)}`);
}
