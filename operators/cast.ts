import {
  type CastNumber,
  ConnectError,
  type Conversion,
  castNumber,
  config,
  configException,
  convertSide,
  Decimal,
  dataException,
  dateName,
  dateToDays,
  defineForSides,
  JavaNumber,
  java,
  javaClassName,
  javaText,
  list,
  type Members,
  makeSchema,
  type NumberKind,
  numberKindOf,
  type OpenMembers,
  readMember,
  replaceNullField,
  requireFields,
  requireMap,
  requireStruct,
  type Schema,
  type SchemaType,
  schemalessNumber,
  structCopier,
  structLike,
  timeName,
  timestampName,
  timeToMillis,
  type Value,
  valueText,
  writeMember,
} from 'sluice/sdk';

const purpose = 'cast types';

/** Casts fields of the value, or the whole value, to other primitive types. */
export const { value: cast, key: castKey } = defineForSides({
  name: 'cast',
  javaClass: 'org.apache.kafka.connect.transforms.Cast',
  summary: 'Casts fields of the value, or the whole value, to other primitive types.',
  config: config({
    spec: list({
      importance: 'high',
      doc: 'Pairs field:type, or one type alone for the whole value. Types: int8, int16, int32, int64, float32, float64, boolean, string.',
      checks: [(spec) => specProblem(spec)],
    }),
    ...replaceNullField,
  }),
  create: ({ spec, 'replace.null.with.default': replaceNulls }, side) => {
    const { whole, fields } = parseSpec(spec);
    if (whole !== undefined) {
      return convertSide(side, {
        skipsNull: true,
        schemaless: (value) => castValue(value, null, whole),
        withSchema: (schema) => wholeConversion(schema, whole),
      });
    }
    return convertSide(side, {
      skipsNull: true,
      schemaless: (value) => castMembers(requireMap(value, purpose), fields),
      withSchema: (schema) => structConversion(schema, new Map(fields), replaceNulls),
    });
  },
});

interface Spec {
  readonly whole: Target | undefined;
  /** In the order in which they are cast. */
  readonly fields: ReadonlyArray<readonly [name: string, type: Target]>;
}

const sourceTypes = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string', 'bytes'] as const;
const targetTypes = sourceTypes.filter((type) => type !== 'bytes');
type Target = Exclude<(typeof sourceTypes)[number], 'bytes'>;
const otherTypes: readonly string[] = ['bytes', 'array', 'map', 'struct'];
const isTarget = (type: string): type is Target => (targetTypes as readonly string[]).includes(type);
const listed = (types: readonly string[]): string => `[${types.join(', ').toUpperCase()}]`;

function specProblem(spec: readonly string[] | null): string | undefined {
  if (spec === null || spec.length === 0) return 'Must specify at least one field to cast.';
  try {
    parseSpec(spec);
    return undefined;
  } catch (error) {
    if (error instanceof ConnectError && error.name === 'ConfigException') return error.message;
    throw error;
  }
}

function parseSpec(spec: readonly string[]): Spec {
  let whole: Target | undefined;
  const fields = new Map<string, Target>();
  for (const mapping of spec) {
    const [first, second, ...more] = java.split(mapping, ':');
    if (more.length > 0)
      throw configException(`Invalid value [${spec.join(', ')}] for configuration renames: Invalid rename mapping: ${mapping}`);
    // As Connect, which reads the second part of what may have none.
    if (first === undefined) throw new ConnectError('ArrayIndexOutOfBoundsException', 'Index 1 out of bounds for length 0');
    if (second === undefined) whole = parseTarget(java.trim(first));
    else fields.set(java.trim(first), parseTarget(java.trim(second)));
  }
  if (whole !== undefined && spec.length > 1)
    throw configException(
      'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
    );
  return { whole, fields: java.hashOrder(fields.keys()).map((name) => [name, fields.get(name) as Target]) };
}

function parseTarget(text: string): Target {
  const type = text.toLowerCase();
  if (isTarget(type)) return type;
  if (otherTypes.includes(type))
    throw configException(
      `Cast transformation does not support casting to ${type.toUpperCase()}; supported types are ${listed(targetTypes)}`,
    );
  const cause = `java.lang.IllegalArgumentException: No enum constant org.apache.kafka.connect.data.Schema.Type.${text.toUpperCase()}`;
  throw configException(`Invalid value ${cause} for configuration Invalid type found in casting spec: ${text}`);
}

function castMembers(members: Members, fields: Spec['fields']): Value {
  const cast: OpenMembers = { ...members };
  for (const [name, type] of fields) writeMember(cast, name, castValue(readMember(members, name), null, type));
  return cast;
}

/** Name, version and parameters of the source stay, whatever the type. */
function wholeConversion(schema: Schema, type: Target): Conversion {
  return { schema: castSchema(schema, type), of: (value) => castValue(value, schema, type) };
}

const castSchema = (schema: Schema, type: Target): Schema =>
  makeSchema({
    type,
    optional: schema.optional,
    name: schema.name,
    version: schema.version,
    doc: schema.doc,
    parameters: schema.parameters,
    default: castDefault(schema, type),
  });

const castDefault = (schema: Schema, type: Target | 'struct'): Value | undefined =>
  schema.default === undefined || schema.default === null ? undefined : castValue(schema.default, schema, type);

function structConversion(schema: Schema, types: ReadonlyMap<string, Target>, replaceNulls: boolean): Conversion {
  const made = requireFields(schema).map((field): readonly [string, Schema] => {
    const type = types.get(field.name);
    return [field.name, type === undefined ? field.schema : castField(field.schema, type)];
  });
  const updated = structLike(schema, made, { optional: schema.optional, default: castDefault(schema, 'struct') });
  const copy = structCopier(schema, replaceNulls, (field) => {
    const type = types.get(field.name);
    const target = made[field.index]?.[1];
    if (type === undefined || target === undefined) return undefined;
    return { schema: target, of: (value) => castValue(value, field.schema, type) };
  });
  return { schema: updated, of: (value) => copy(requireStruct(schema, value, purpose)) };
}

/** Unlike of a whole value, the name of a cast field's schema is lost. */
const castField = (schema: Schema, type: Target): Schema =>
  makeSchema({ type, optional: schema.optional, default: castDefault(schema, type) });

function castValue(value: Value, schema: Schema | null, target: Target | 'struct'): Value {
  if (value === null) return null;
  const source = schema?.type ?? typeOf(value);
  if (source === undefined) {
    throw dataException(
      `Cast transformation was passed a value of type class ${javaClassName(value)} which is not supported by Connect's data API`,
    );
  }
  if (!(sourceTypes as readonly string[]).includes(source))
    throw dataException(
      `Cast transformation does not support casting from ${source.toUpperCase()}; supported types are ${listed(sourceTypes)}`,
    );
  if (target === 'struct') throw dataException('STRUCT is not supported in the Cast transformation.');
  if (target === 'string') return textOf(value, schema);
  const plain = encodeLogical(value, schema);
  if (target === 'boolean') return booleanOf(plain, schema);
  const kind = kinds[target];
  const number = numberOf(plain, schema, kind);
  return schema === null ? schemalessNumber(number, kind) : number;
}

const kinds = { int8: 'Byte', int16: 'Short', int32: 'Integer', int64: 'Long', float32: 'Float', float64: 'Double' } as const;

function typeOf(value: Exclude<Value, null>): SchemaType | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  // Which of the number types it is makes no difference.
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber) return 'int64';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Date || value instanceof Decimal) return undefined;
  return Array.isArray(value) ? 'array' : 'map';
}

const textOf = (value: Value, schema: Schema | null): string =>
  value instanceof Date || value instanceof Uint8Array ? valueText(value) : javaText(value, schema);

/** Dates as the number that stands for them. */
function encodeLogical(value: Value, schema: Schema | null): Value {
  const name = schema?.name ?? null;
  if (name !== dateName && name !== timeName && name !== timestampName) return value;
  if (!(value instanceof Date))
    throw new ConnectError('ClassCastException', `class ${javaClassName(value, schema)} cannot be cast to class java.util.Date`);
  if (name === timestampName) return new JavaNumber('Long', value.getTime());
  return new JavaNumber('Integer', name === dateName ? dateToDays(value) : timeToMillis(value));
}

const asNumber = (value: Value, schema: Schema | null): CastNumber | undefined => {
  if (value instanceof JavaNumber) return value;
  if (value instanceof Decimal) return { value };
  return typeof value === 'number' || typeof value === 'bigint' ? { value, kind: numberKindOf(value, schema) } : undefined;
};

function booleanOf(value: Value, schema: Schema | null): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  const number = asNumber(value, schema);
  if (number === undefined) throw unexpected(value, schema);
  return Number(castNumber(number, 'Long')) !== 0;
}

function numberOf(value: Value, schema: Schema | null, kind: NumberKind): number | bigint {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return parsed(value, kind);
  const number = asNumber(value, schema);
  if (number === undefined) throw unexpected(value, schema);
  return castNumber(number, kind);
}

const bitsOf = { Byte: 8, Short: 16, Integer: 32, Long: 64 } as const;

function parsed(text: string, kind: NumberKind): number | bigint {
  const number =
    kind === 'Double' ? java.parseDouble(text) : kind === 'Float' ? java.parseFloat32(text) : java.parseInteger(text, bitsOf[kind]);
  if (number === undefined) throw dataException(`Value (${text}) was out of range for requested data type`);
  return typeof number === 'bigint' ? castNumber({ value: number, kind: 'Long' }, kind) : number;
}

const unexpected = (value: Value, schema: Schema | null): ConnectError =>
  dataException(`Unexpected type in Cast transformation: class ${javaClassName(value, schema)}`);
