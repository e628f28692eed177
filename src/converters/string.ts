import {
  ConnectError,
  type Converter,
  config,
  converterKeys,
  defineConverter,
  java,
  javaText,
  optionalStringSchema,
  type Payload,
  type Schema,
  type SchemaAndValue,
  string,
  type Value,
} from 'sluice/sdk';

/** Texts as they are; any other value as Java prints it. Reads everything as an optional string. */
export const stringConverter = defineConverter({
  name: 'string',
  aliases: ['org.apache.kafka.connect.storage.StringConverter', 'StringConverter', 'String'],
  summary: 'Texts in UTF-8 or another encoding; other values as Java prints them.',
  config: config({
    ...converterKeys,
    'converter.encoding': string({
      default: 'UTF-8',
      importance: 'high',
      width: 'medium',
      displayName: 'Encoding',
      doc: 'Name of the encoding, as Java knows it.',
    }),
  }),
  create: (settings) => {
    const charset = java.charsetNamed(settings['converter.encoding']);
    if (charset === undefined) throw new ConnectError('SerializationException', `Unsupported encoding ${settings['converter.encoding']}`);
    return charset === java.utf8 ? utf8Converter : converterOf(charset);
  },
});

const textOf = (schema: Schema | null, value: Value): string => (typeof value === 'string' ? value : javaText(value, schema));
const read = (value: string | null): SchemaAndValue => ({ schema: optionalStringSchema, value });

const utf8Converter: Converter = {
  fromConnect: (_topic, schema, value) => (value === null ? null : java.encodable(textOf(schema, value))),
  toConnect: (_topic, bytes) => read(bytes === null ? null : java.decodeUtf8(bytes)),
  fromConnectHeader: (_topic, _key, schema, value) => (value === null ? null : java.encodable(textOf(schema, value))),
  toConnectHeader: (_topic, _key, bytes) => read(bytes === null ? null : java.decodeUtf8(bytes)),
  text: { schema: optionalStringSchema },
};

function converterOf({ encode, decode }: java.Charset): Converter {
  const write = (schema: Schema | null, value: Value): Payload => (value === null ? null : encode(textOf(schema, value)));
  const readBytes = (bytes: Uint8Array | null) => read(bytes === null ? null : decode(bytes));
  return {
    fromConnect: (_topic, schema, value) => write(schema, value),
    toConnect: (_topic, bytes) => readBytes(bytes),
    fromConnectHeader: (_topic, _key, schema, value) => write(schema, value),
    toConnectHeader: (_topic, _key, bytes) => readBytes(bytes),
  };
}
