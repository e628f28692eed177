import {
  Decimal,
  dataException,
  dateName,
  dateToDays,
  decimalName,
  decimalToBytes,
  entriesOf,
  isObject,
  JavaNumber,
  javaClassName,
  type Schema,
  type SchemaType,
  timeName,
  timestampName,
  timeToMillis,
  type Value,
} from 'sluice/sdk';
import { toBase64 } from './base64.ts';
import { encodeAny } from './encode-any.ts';
import { doubleJson, floatJson, quote } from './text.ts';

/** Writes a value of one schema as JSON text. */
export type Encoder = (value: Value | undefined) => string;
type Write = (value: Exclude<Value, null>) => string;

export interface EncoderOptions {
  readonly replaceNulls: boolean;
  readonly decimalFormat: 'NUMERIC' | 'BASE64';
}

/** Compiles an encoder per schema, once. */
export class Encoders {
  readonly #options: EncoderOptions;
  readonly #made = new WeakMap<Schema, Encoder>();

  constructor(options: EncoderOptions) {
    this.#options = options;
  }

  for(schema: Schema): Encoder {
    let encoder = this.#made.get(schema);
    if (encoder === undefined) {
      encoder = this.#compile(schema);
      this.#made.set(schema, encoder);
    }
    return encoder;
  }

  #compile(schema: Schema): Encoder {
    const write = (schema.name === null ? undefined : this.#logical(schema.name, schema)) ?? this.#byType[schema.type](schema);
    const whenNull = this.#whenNull(schema, write);
    return (value) => (value === null || value === undefined ? whenNull() : write(value));
  }

  #whenNull(schema: Schema, write: Write): () => string {
    const fallback = this.#options.replaceNulls ? (schema.default ?? null) : null;
    if (fallback !== null) return () => write(fallback);
    if (schema.optional) return () => 'null';
    return () => {
      throw dataException('Conversion error: null value for field that is required and has no default value');
    };
  }

  readonly #byType: Readonly<Record<SchemaType, (schema: Schema) => Write>> = {
    int8: (schema) => integer(schema, 'Byte', (value) => value === (value << 24) >> 24),
    int16: (schema) => integer(schema, 'Short', (value) => value === (value << 16) >> 16),
    int32: (schema) => integer(schema, 'Integer', (value) => value === (value | 0)),
    int64: (schema) => integer(schema, 'Long', Number.isSafeInteger),
    float32: (schema) => (value) => floatJson(numberOf(value, 'Float', schema)),
    float64: (schema) => (value) => doubleJson(numberOf(value, 'Double', schema)),
    boolean: (schema) => (value) => (typeof value === 'boolean' ? String(value) : wrongClass(value, schema)),
    string: (schema) => (value) => (typeof value === 'string' ? quote(value) : wrongClass(value, schema)),
    bytes: (schema) => (value) => {
      if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
      throw dataException(`Invalid type for bytes type: class ${javaClassName(value, schema)}`);
    },
    array: (schema) => this.#array(schema),
    map: (schema) => (schema.keySchema?.type === 'string' ? this.#stringMap(schema) : this.#pairs(schema)),
    struct: (schema) => this.#struct(schema),
  };

  #array(schema: Schema): Write {
    const element = this.#of(schema.valueSchema);
    return (value) => (Array.isArray(value) ? `[${value.map(element).join(',')}]` : wrongClass(value, schema));
  }

  #stringMap(schema: Schema): Write {
    const key = this.#of(schema.keySchema);
    const element = this.#of(schema.valueSchema);
    return (value) => {
      const members = [...entries(value, schema)].map(([name, member]) => `${name === null ? '"null"' : key(name)}:${element(member)}`);
      return `{${members.join(',')}}`;
    };
  }

  #pairs(schema: Schema): Write {
    const key = this.#of(schema.keySchema);
    const element = this.#of(schema.valueSchema);
    return (value) => `[${[...entries(value, schema)].map(([name, member]) => `[${key(name)},${element(member)}]`).join(',')}]`;
  }

  #struct(schema: Schema): Write {
    const fields = schema.fields ?? [];
    const encoders = fields.map((field) => this.for(field.schema));
    const inherited = fields.map(({ name }) => name in Object.prototype);
    const heads = fields.map((field, i) => `${i === 0 ? '{' : ','}${quote(field.name)}:`);
    if (fields.length === 0) return (value) => (isObject(value) ? '{}' : wrongClass(value, schema));
    return (value) => {
      if (!isObject(value)) return wrongClass(value, schema);
      let text = '';
      for (let i = 0; i < fields.length; i++) {
        const { name } = fields[i]!;
        const member = inherited[i] && !Object.hasOwn(value, name) ? null : value[name];
        text += heads[i]! + encoders[i]!(member);
      }
      return `${text}}`;
    };
  }

  /** A container whose element schema is unknown writes its elements by their class. */
  #of(schema: Schema | null): Encoder {
    return schema === null ? (value) => encodeAny(value ?? null) : this.for(schema);
  }

  #logical(name: string, schema: Schema): Write | undefined {
    switch (name) {
      case decimalName:
        return this.#decimal(schema);
      case dateName:
        return (value) => String(dateToDays(dateOf(value, 'Date', schema)));
      case timeName:
        return (value) => String(timeToMillis(dateOf(value, 'Time', schema)));
      case timestampName:
        return (value) => String(dateOf(value, 'Timestamp', schema).getTime());
      default:
        return undefined;
    }
  }

  #decimal(schema: Schema): Write {
    const numeric = this.#options.decimalFormat === 'NUMERIC';
    return (value) => {
      if (!(value instanceof Decimal)) {
        throw dataException(`Invalid type for Decimal, expected BigDecimal but was class ${javaClassName(value, schema)}`);
      }
      return numeric ? String(value) : `"${toBase64(decimalToBytes(schema, value))}"`;
    };
  }
}

function integer(schema: Schema, kind: JavaNumber['kind'], fits: (value: number) => boolean): Write {
  return (value) => {
    if (typeof value === 'number' && fits(value)) return String(value);
    if (typeof value === 'bigint' && kind === 'Long' && BigInt.asIntN(64, value) === value) return value.toString();
    return value instanceof JavaNumber && value.kind === kind ? String(value.value) : wrongClass(value, schema);
  };
}

function numberOf(value: Exclude<Value, null>, kind: JavaNumber['kind'], schema: Schema): number {
  if (typeof value === 'number') return value;
  return value instanceof JavaNumber && value.kind === kind ? value.value : wrongClass(value, schema);
}

function entries(value: Exclude<Value, null>, schema: Schema): Iterable<readonly [Value, Value]> {
  return value instanceof Map || isObject(value) ? entriesOf(value) : wrongClass(value, schema);
}

function dateOf(value: Exclude<Value, null>, what: string, schema: Schema): Date {
  if (value instanceof Date) return value;
  throw dataException(`Invalid type for ${what}, expected Date but was class ${javaClassName(value, schema)}`);
}

function wrongClass(value: Value, schema: Schema): never {
  throw dataException(`Invalid type for ${schema.type.toUpperCase()}: class ${javaClassName(value, schema)}`);
}
