import {
  config,
  converterKeys,
  dataException,
  defineConverter,
  JavaNumber,
  javaClassName,
  type NumberKind,
  numberKindOf,
  type Schema,
  type SchemaAndValue,
  type Value,
} from 'sluice/sdk';

interface FixedWidth {
  readonly name: string;
  /** Simple name of the Java class. */
  readonly javaName: string;
  readonly summary: string;
  /** The only class that is written: nothing is widened. */
  readonly kind: NumberKind;
  readonly bytes: 2 | 4 | 8;
  readonly schema: Schema;
  write(view: DataView, value: number | bigint): void;
  read(view: DataView): Value;
}

/** A converter of numbers of one class, most significant byte first. */
export function fixedWidthConverter({ name, javaName, summary, kind, bytes: width, schema, write, read }: FixedWidth) {
  const toBytes = (given: Schema | null, value: Value): Uint8Array | null => {
    if (value === null) return null;
    const number = numberOf(value, given, kind);
    if (number === undefined) throw dataException(`Failed to serialize to ${name} (was class ${javaClassName(value, given)}): `);
    const bytes = new Uint8Array(width);
    write(new DataView(bytes.buffer), number);
    return bytes;
  };
  const toValue = (bytes: Uint8Array | null): SchemaAndValue => {
    if (bytes === null) return { schema, value: null };
    if (bytes.length !== width) throw dataException(`Failed to deserialize ${name}: `);
    return { schema, value: read(new DataView(bytes.buffer, bytes.byteOffset, width)) };
  };
  return defineConverter({
    name,
    aliases: [`org.apache.kafka.connect.converters.${javaName}`],
    summary,
    config: config(converterKeys),
    create: () => ({
      fromConnect: (_topic, given, value) => toBytes(given, value),
      toConnect: (_topic, bytes) => toValue(bytes),
      fromConnectHeader: (_topic, _key, given, value) => toBytes(given, value),
      toConnectHeader: (_topic, _key, bytes) => toValue(bytes),
    }),
  });
}

function numberOf(value: Value, schema: Schema | null, kind: NumberKind): number | bigint | undefined {
  if (!(typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber)) return undefined;
  if (numberKindOf(value, schema) !== kind) return undefined;
  return value instanceof JavaNumber ? value.value : value;
}
