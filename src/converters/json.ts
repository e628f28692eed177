import {
  boolean,
  type Converter,
  config,
  converterKeys,
  defineConverter,
  int,
  type Schema,
  type SchemaAndValue,
  string,
  type Value,
} from 'sluice/sdk';
import { Decoders } from './json/decode.ts';
import { Encoders } from './json/encode.ts';
import { encodeAny } from './json/encode-any.ts';
import { envelopeReader, type JsonReader, parseSchema, plainReader, schemaReader } from './json/reader.ts';
import { schemaToJson } from './json/schema-json.ts';

const shown = (group: string, order: number, displayName: string) => ({ group, order, displayName, width: 'medium' }) as const;

/** JSON, with the schema beside each value (`schemas.enable`, Connect's default) or without schemas. */
export const jsonConverter = defineConverter({
  name: 'json',
  aliases: ['org.apache.kafka.connect.json.JsonConverter', 'JsonConverter', 'Json'],
  summary: 'JSON documents, each with its schema or plain.',
  config: config({
    ...converterKeys,
    'schemas.enable': boolean({
      ...shown('Schemas', 0, 'Enable Schemas'),
      default: true,
      importance: 'high',
      doc: 'Whether each value is wrapped with its schema.',
    }),
    'schemas.cache.size': int({
      ...shown('Schemas', 1, 'Schema Cache Size'),
      default: 1000,
      importance: 'high',
      doc: 'How many schemas are kept compiled.',
    }),
    'schema.content': string({
      ...shown('Schemas', 2, 'Schema Content'),
      default: null,
      importance: 'high',
      doc: 'A schema as JSON that every value read has; the values then come without one.',
    }),
    'decimal.format': string({
      ...shown('Serialization', 0, 'Decimal Format'),
      default: 'BASE64',
      oneOf: ['NUMERIC', 'BASE64'],
      ignoreCase: true,
      importance: 'low',
      doc: 'How decimals are written: as Base64 of their unscaled value, or as numbers. Both are read.',
    }),
    'replace.null.with.default': boolean({
      ...shown('Serialization', 1, 'Replace null with default'),
      default: true,
      importance: 'low',
      doc: 'Whether null takes the default of its schema; else it stays null where the schema allows it.',
    }),
  }),
  create: (settings) => {
    const replaceNulls = settings['replace.null.with.default'];
    const decoders = new Decoders({ replaceNulls });
    const encoders = new Encoders({ replaceNulls, decimalFormat: settings['decimal.format'] });
    const content = settings['schema.content'];
    const fixed = content === null || content === '' ? undefined : parseSchema(content, decoders);
    if (!settings['schemas.enable']) return converterOf(plainReader(), plainWriter(encoders));
    const reader = fixed === undefined ? envelopeReader(decoders, settings['schemas.cache.size']) : schemaReader(fixed, decoders);
    return converterOf(reader, envelopeWriter(encoders));
  },
});

type Writer = (schema: Schema | null, value: Value) => string | null;

/** A value without schema and without anything is a tombstone; any other null is written. */
const plainWriter =
  (encoders: Encoders): Writer =>
  (schema, value) => {
    if (schema === null) return value === null ? null : encodeAny(value);
    return encoders.for(schema)(value);
  };

function envelopeWriter(encoders: Encoders): Writer {
  const heads = new WeakMap<Schema, string>();
  const headOf = (schema: Schema): string => {
    const known = heads.get(schema);
    if (known !== undefined) return known;
    const head = `{"schema":${schemaToJson(schema, encoders)},"payload":`;
    heads.set(schema, head);
    return head;
  };
  return (schema, value) => {
    if (schema === null) return value === null ? null : `{"schema":null,"payload":${encodeAny(value)}}`;
    return `${headOf(schema)}${encoders.for(schema)(value)}}`;
  };
}

const nothing: SchemaAndValue = { schema: null, value: null };

function converterOf(reader: JsonReader, write: Writer): Converter {
  const read = (bytes: Uint8Array | null): SchemaAndValue => (bytes === null ? nothing : reader.readBytes(bytes));
  return {
    fromConnect: (_topic, schema, value) => write(schema, value),
    toConnect: (_topic, bytes) => read(bytes),
    toConnectText: (_topic, text) => reader.readText(text),
    fromConnectHeader: (_topic, _key, schema, value) => write(schema, value),
    toConnectHeader: (_topic, _key, bytes) => read(bytes),
  };
}
