import {
  ConnectError,
  type Conversion,
  config,
  convertSide,
  dataException,
  dateName,
  dateSchema,
  defineForSides,
  int64,
  int64Schema,
  JavaNumber,
  java,
  javaClassName,
  type Members,
  millisPerDay,
  nullPointerException,
  numberKindOf,
  type OperatorContext,
  optionalInt64Schema,
  optionalStringSchema,
  readMember,
  replaceNullField,
  requireFields,
  requireMap,
  requireStruct,
  type Schema,
  schemaText,
  string,
  stringSchema,
  structCopier,
  structLike,
  timeName,
  timeSchema,
  timestampName,
  timestampSchema,
  type Value,
  withAttributes,
  writeMember,
} from 'sluice/sdk';

const purpose = 'converting timestamp formats';
const formats = ['string', 'unix', 'Date', 'Time', 'Timestamp'] as const;
type Format = (typeof formats)[number];

/** Converts timestamps of the value between texts, numbers and Connect's date types. */
export const { value: timestampConverter, key: timestampConverterKey } = defineForSides({
  name: 'timestamp-converter',
  javaClass: 'org.apache.kafka.connect.transforms.TimestampConverter',
  summary: "Converts timestamps of the value between texts, numbers and Connect's date types.",
  config: config(
    {
      field: string({ default: '', importance: 'high', doc: 'Name of the field; empty: the whole value.' }),
      'target.type': string({ importance: 'high', oneOf: formats, doc: 'What the timestamp becomes.' }),
      format: string({ default: '', doc: "How texts are read and written, as a pattern of Java's SimpleDateFormat; in UTC." }),
      'unix.precision': string({
        default: 'milliseconds',
        importance: 'low',
        oneOf: ['nanoseconds', 'microseconds', 'milliseconds', 'seconds'],
        doc: 'What numbers count, read and written.',
      }),
      ...replaceNullField,
    },
    { check: formatProblems },
  ),
  create: (settings, side, context) => {
    const { field } = settings;
    const convert = converter(settings, context);
    const replaceNulls = settings['replace.null.with.default'];
    return convertSide(side, {
      schemaless: (value) => {
        if (value === null || field === '') return convert(value, null);
        const members = requireMap(value, purpose);
        const copy = { ...members };
        writeMember(copy, field, convert(readMember(members, field), null));
        return copy;
      },
      withSchema: (schema) =>
        field === ''
          ? { schema: targetSchema(settings['target.type'], schema.optional), of: (value) => convert(value, schema) }
          : structConversion(schema, { field, target: settings['target.type'], convert, replaceNulls }),
    });
  },
});

interface Settings {
  readonly 'target.type': Format;
  readonly format: string;
  readonly 'unix.precision': Precision;
}

function formatProblems({ 'target.type': target, format }: Settings) {
  const problem = (message: string) => [{ key: 'format', message }];
  if (format === '')
    return target === 'string' ? problem('TimestampConverter requires format option to be specified when using string timestamps') : [];
  try {
    new java.SimpleDateFormat(format, 0);
    return [];
  } catch (error) {
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const demand = `TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: ${format}`;
    return problem(`Invalid value ${cause} for configuration ${demand}`);
  }
}

interface FieldPlan {
  readonly field: string;
  readonly target: Format;
  readonly convert: Convert;
  readonly replaceNulls: boolean;
}

function structConversion(schema: Schema, { field: name, target, convert, replaceNulls }: FieldPlan): Conversion {
  if (schema.type !== 'struct')
    return { schema, of: (value) => (value === null ? (requireFields(schema) as never) : requireStruct(schema, value, purpose)) };
  const fields = requireFields(schema).map((field): readonly [string, Schema] => [
    field.name,
    field.name === name ? targetSchema(target, field.schema.optional) : field.schema,
  ]);
  const bare = structLike(schema, fields, { optional: schema.optional });
  const copy = structCopier(schema, replaceNulls, (field) =>
    field.name === name ? { schema: targetSchema(target, field.schema.optional), of: (value) => convert(value, field.schema) } : undefined,
  );
  const fallback = schema.default ?? null;
  return {
    schema: fallback === null ? bare : withAttributes(bare, { default: copy(fallback as Members) }),
    of: (value) => (value === null ? null : copy(requireStruct(schema, value, purpose))),
  };
}

const schemas: Readonly<Record<Format, readonly [required: Schema, optional: Schema]>> = {
  string: [stringSchema, optionalStringSchema],
  unix: [int64Schema, optionalInt64Schema],
  Date: [dateSchema(), dateSchema({ optional: true })],
  Time: [timeSchema(), timeSchema({ optional: true })],
  Timestamp: [timestampSchema(), timestampSchema({ optional: true })],
};
const targetSchema = (target: Format, optional: boolean): Schema => schemas[target][optional ? 1 : 0];

type Convert = (value: Value, schema: Schema | null) => Value;

function converter(
  { 'target.type': target, format: pattern, 'unix.precision': precision }: Settings,
  { scheduler }: OperatorContext,
): Convert {
  // Two-digit years lie around the start of the run.
  const format = pattern === '' ? undefined : new java.SimpleDateFormat(pattern, scheduler.now());
  const readers: Readonly<Record<Format, (value: Value, schema: Schema | null) => Count>> = {
    string: (value) => readText(value, format, pattern),
    unix: (value, schema) => readNumber(value, schema, precision),
    Date: (value) => readDate(value, 'Date'),
    Time: (value) => readDate(value, 'Time'),
    Timestamp: (value) => readDate(value, 'Timestamp'),
  };
  const write = writerTo(target, format, precision);
  return (value, schema) => {
    // Of a schema that stands for no timestamp, null is refused, too.
    const source = schema === null ? undefined : formatOfSchema(schema);
    if (value === null) return null;
    return write(readers[source ?? formatOf(value)](value, schema));
  };
}

function writerTo(target: Format, format: java.SimpleDateFormat | undefined, precision: Precision): (instant: Count) => Value {
  const date = (millisOf: (millis: number) => number) => (instant: Count) => new Date(millisOf(Number(instant)));
  const dayOf = (millis: number): number => Math.floor(millis / millisPerDay) * millisPerDay;
  const timeOf = (instant: Count): number => {
    // Of a bigint the low digits count, which a number would lose.
    const rest = Number(typeof instant === 'bigint' ? instant % BigInt(millisPerDay) : instant % millisPerDay);
    return rest < 0 ? rest + millisPerDay : rest;
  };
  switch (target) {
    case 'string':
      return (instant) => format?.format(Number(instant)) ?? null;
    case 'unix':
      return fromMillis[precision];
    case 'Date':
      return date(dayOf);
    case 'Time':
      return (instant) => new Date(timeOf(instant));
    case 'Timestamp':
      return date((millis) => millis);
  }
}

function formatOfSchema(schema: Schema): Format {
  if (schema.name === timestampName) return 'Timestamp';
  if (schema.name === dateName) return 'Date';
  if (schema.name === timeName) return 'Time';
  if (schema.type === 'string') return 'string';
  if (schema.type === 'int64') return 'unix';
  throw new ConnectError('ConnectException', `Schema ${schemaText(schema)} does not correspond to a known timestamp type format`);
}

function formatOf(value: Value): Format {
  if (value instanceof Date) return 'Timestamp';
  if (isLong(value, null)) return 'unix';
  if (typeof value === 'string') return 'string';
  throw dataException(`TimestampConverter does not support class ${javaClassName(value)} objects as timestamps`);
}

const isLong = (value: Value, schema: Schema | null): value is number | bigint | JavaNumber =>
  (typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber) && numberKindOf(value, schema) === 'Long';

function readText(value: Value, format: java.SimpleDateFormat | undefined, pattern: string): number {
  if (typeof value !== 'string') throw dataException(`Expected string timestamp to be a String, but found class ${javaClassName(value)}`);
  if (format === undefined) throw nullPointerException('Cannot read a text without a format');
  const millis = format.parse(value);
  if (millis === undefined) throw dataException(`Could not parse timestamp: value (${value}) does not match pattern (${pattern})`);
  return millis;
}

function readNumber(value: Value, schema: Schema | null, precision: Precision): Count {
  if (!isLong(value, schema)) throw dataException(`Expected Unix timestamp to be a Long, but found class ${javaClassName(value, schema)}`);
  return toMillis[precision](value instanceof JavaNumber ? value.value : value);
}

function readDate(value: Value, type: string): number {
  if (value instanceof Date) return value.getTime();
  throw dataException(`Expected ${type} to be a java.util.Date, but found class ${javaClassName(value)}`);
}

type Precision = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

/** An instant or a count of 64 bits: beyond 2^53 a bigint, which only numbers can be made of again. */
type Count = number | bigint;

/** Truncated towards zero. A remainder is exact, and so is what is left without it. */
const divided = (value: Count, by: number): Count =>
  typeof value === 'bigint' ? int64(value / BigInt(by)) : (value - (value % by)) / by + 0;

/** A product of 64 bits, the nearest one there is. */
function multiplied(value: Count, by: number): Count {
  const product = Number(value) * by;
  if (Number.isSafeInteger(product) || Number.isNaN(product)) return product;
  const exact = BigInt(value) * BigInt(by);
  return BigInt.asIntN(64, exact) === exact ? int64(exact) : exact > 0n ? 2n ** 63n - 1n : -(2n ** 63n);
}

const toMillis: Readonly<Record<Precision, (value: Count) => Count>> = {
  seconds: (value) => multiplied(value, 1000),
  milliseconds: (value) => value,
  microseconds: (value) => divided(value, 1000),
  nanoseconds: (value) => divided(value, 1_000_000),
};

const fromMillis: Readonly<Record<Precision, (millis: Count) => Count>> = {
  seconds: (millis) => divided(millis, 1000),
  milliseconds: (millis) => millis,
  microseconds: (millis) => multiplied(millis, 1000),
  nanoseconds: (millis) => multiplied(millis, 1_000_000),
};
