import type { Dice } from './dice.ts';

/** A schema as JsonConverter writes it; `default` is the text of a payload. */
export interface Shape {
  readonly type: string;
  readonly optional: boolean;
  readonly name?: string;
  readonly version?: number;
  readonly doc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly default?: string;
  readonly items?: Shape;
  readonly keys?: Shape;
  readonly values?: Shape;
  readonly fields?: ReadonlyArray<readonly [name: string, shape: Shape]>;
}

const logicalName = 'org.apache.kafka.connect.data.';
export const primitives = ['int8', 'int16', 'int32', 'int64', 'float', 'double', 'boolean', 'string', 'bytes'] as const;
export const logicals = ['Date', 'Time', 'Timestamp', 'Decimal'] as const;
export const fieldNames = ['a', 'b', 'id', 'ts', 'a.b', '', 'naïve', '__proto__', 'constructor', 'x y', 'K'] as const;

export const texts = [
  '',
  'x',
  'true',
  'TRUE',
  ' true',
  'false',
  '7',
  '-7',
  '+5',
  ' 7',
  '7 ',
  '300',
  '40000',
  '2147483648',
  '-2147483649',
  '9223372036854775807',
  '9223372036854775808',
  '1.5',
  '-1.5',
  '.5',
  '5.',
  '1e3',
  '1E-3',
  '1.5f',
  '1d',
  '0x1p3',
  '0x1F',
  'NaN',
  '-Infinity',
  'Infinity',
  '1e400',
  '-0',
  '-0.0',
  '١٢',
  '１２',
  'a"b',
  'a\\b',
  'ü\n\t',
  '😀',
  '\u0000',
  '2024-02-29',
  '12:30:45.123Z',
  '2024-05-06T12:30:45.123Z',
  '1_000',
  '0.1',
  '3.4028236e38',
  '[1,2]',
  '{"a":1}',
  'null',
  '1,5',
  '--1',
  '1e',
  '0000',
  '1.0',
  '4.9E-324',
  '\uD800',
  '1L',
  '0b1',
  '٣.٥',
] as const;

const integers: Readonly<Record<string, readonly string[]>> = {
  int8: ['0', '1', '-1', '127', '-128', '42'],
  int16: ['0', '1', '-1', '300', '32767', '-32768', '128', '-129'],
  int32: ['0', '1', '-1', '70000', '2147483647', '-2147483648', '32768', '86400000', '19000'],
  int64: [
    '0',
    '1',
    '-1',
    '2147483648',
    '-2147483649',
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '1700000000123',
    '86399999',
    '86400000',
    '-1',
    '3000000000',
    '1700000000',
    '1700000000123456',
  ],
};
const reals = [
  '0.0',
  '-0.0',
  '1.0',
  '-1.0',
  '1.5',
  '-1.5',
  '0.1',
  '3.14159265358979',
  '1.0E10',
  '1.0E7',
  '9999999.0',
  '0.001',
  '9.999E-4',
  '1.0E-5',
  '123456789.125',
  '3.0E9',
  '-3.0E9',
  '1.0E19',
  '-1.0E19',
  '2.147483648E9',
  '255.7',
  '-129.9',
  '0.5',
  '-0.5',
  '1.0E21',
  '9.007199254740993E15',
  '9.223372036854776E18',
];
const doubles = [
  ...reals,
  '1.7976931348623157E308',
  '4.9E-324',
  '2.2250738585072014E-308',
  '1.0E300',
  '1.1E-7',
  '"NaN"',
  '"Infinity"',
  '"-Infinity"',
];
const floats = [
  ...reals.filter((text) => text.length < 10),
  '3.4028235E38',
  '1.4E-45',
  '1.6777216E7',
  '0.33333334',
  '"NaN"',
  '"Infinity"',
  '"-Infinity"',
];

/** A double whose text is the same in all releases of Java: Java 17 prints some with a digit too many. */
function anyDouble(dice: Dice): string {
  const value = Number((dice.fraction() * 10 ** dice.whole(-8, 18)).toPrecision(dice.whole(1, 12)));
  return javaReal(dice.chance(0.3) ? -value : value);
}

const javaReal = (value: number): string => (Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : `${value}`);

const decimalText = (dice: Dice): string =>
  dice.pick(['0', '1', '-1', '12.30', '0.00', '1E+3', '123456789012345678901234567890', '-0.001', '127.5', '1e-10', '3000000000.7']);

function base64(dice: Dice): string {
  return Buffer.from(dice.times(dice.whole(0, 5), () => dice.whole(0, 255))).toString('base64');
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-4e12, 4e12],
};

/** The text of a payload of a primitive type. */
export function primitivePayload(dice: Dice, type: string): string {
  if (type in integers) {
    const [low, high] = ranges[type] ?? [0, 0];
    return dice.chance(0.6) ? dice.pick(integers[type] ?? []) : String(dice.whole(low, high));
  }
  if (type === 'float') return dice.pick(floats);
  if (type === 'double') return dice.chance(0.6) ? dice.pick(doubles) : anyDouble(dice);
  if (type === 'boolean') return String(dice.chance(0.5));
  return JSON.stringify(type === 'string' ? dice.pick(texts) : base64(dice));
}

const logicalPayload: Readonly<Record<string, (dice: Dice) => string>> = {
  Date: (dice) => dice.pick(['0', '1', '-1', '19000', '-719162', '-141428', '2932896', '-200000', '20000']),
  Time: (dice) => dice.pick(['0', '1', '86399999', '43200000', '86400000', String(dice.whole(0, 86_399_999))]),
  Timestamp: (dice) =>
    dice.pick([
      '0',
      '1',
      '-1',
      '86400000',
      '1700000000123',
      '-86400000',
      '-62135769600000',
      '-12219292800000',
      '-12219292800001',
      '253402300799999',
      '-62167219200000',
      '-65000000000000',
      '4102444800000',
      String(dice.whole(-3e12, 6e12)),
    ]),
  Decimal: base64nonEmpty,
};

function base64nonEmpty(dice: Dice): string {
  return JSON.stringify(Buffer.from(dice.times(dice.whole(1, 9), () => dice.whole(0, 255))).toString('base64'));
}

export function anyShape(dice: Dice, depth: number, options: { readonly plain?: boolean } = {}): Shape {
  const kind = dice.whole(0, depth > 0 ? 9 : 6);
  const attributes = options.plain ? { optional: dice.chance(0.5) } : attributesOf(dice);
  if (kind < 5) return withDefault(dice, { ...attributes, type: dice.pick(primitives) });
  if (kind < 7) return withDefault(dice, { ...attributes, ...logicalShape(dice, dice.pick(logicals)), optional: attributes.optional });
  if (kind === 7) return { ...attributes, type: 'array', items: anyShape(dice, depth - 1) };
  if (kind === 8)
    return {
      ...attributes,
      type: 'map',
      keys: dice.chance(0.7) ? { type: 'string', optional: false } : { type: 'int32', optional: false },
      values: anyShape(dice, depth - 1),
    };
  return structShape(dice, depth - 1);
}

const types: Readonly<Record<(typeof logicals)[number], string>> = { Date: 'int32', Time: 'int32', Timestamp: 'int64', Decimal: 'bytes' };

export const logicalShape = (dice: Dice, logical: (typeof logicals)[number]): Shape => ({
  type: types[logical],
  optional: dice.chance(0.5),
  name: `${logicalName}${logical}`,
  version: 1,
  ...(logical === 'Decimal' ? { parameters: { scale: String(dice.whole(-2, 6)) } } : {}),
});

function attributesOf(dice: Dice): Omit<Shape, 'type'> {
  return {
    optional: dice.chance(0.5),
    ...(dice.chance(0.15) ? { name: dice.pick(['Rec', 'com.acme.Rec', '']) } : {}),
    ...(dice.chance(0.15) ? { version: dice.pick([0, 1, 17, -1]) } : {}),
    ...(dice.chance(0.15) ? { doc: dice.pick(['', 'A doc', 'döc "q"']) } : {}),
    ...(dice.chance(0.15) ? { parameters: { p1: 'v1', zz: '', __proto__x: 'p' } } : {}),
  };
}

const withDefault = (dice: Dice, shape: Shape): Shape =>
  dice.chance(0.25) ? { ...shape, default: payloadOf(dice, { ...shape, optional: false }) } : shape;

export function structShape(dice: Dice, depth: number, names: readonly string[] = fieldNames.filter((name) => name !== '')): Shape {
  const chosen = dice.some(names, 0.35);
  return {
    ...attributesOf(dice),
    type: 'struct',
    fields: (chosen.length > 0 ? chosen : ['a']).map((name) => [name, anyShape(dice, depth)] as const),
  };
}

/** The text of a payload that fits the shape; null only where it may be: of a field with a default too. */
export function payloadOf(dice: Dice, shape: Shape, mayLack = false): string {
  if (dice.chance(0.12) && (shape.optional || (mayLack && shape.default !== undefined))) return 'null';
  const logical = logicals.find((name) => shape.name === `${logicalName}${name}`);
  if (logical !== undefined && types[logical] === shape.type) return (logicalPayload[logical] as (dice: Dice) => string)(dice);
  switch (shape.type) {
    case 'array':
      return `[${dice.times(dice.whole(0, 3), () => payloadOf(dice, shape.items as Shape)).join(',')}]`;
    case 'map': {
      const isText = shape.keys?.type === 'string';
      const keys = dice.some(isText ? ['k', '1', '', 'a.b', '__proto__'] : ['1', '-5', '70000'], 0.3);
      const members = keys.map((key) => [key, payloadOf(dice, shape.values as Shape)] as const);
      return isText
        ? `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`
        : `[${members.map(([key, value]) => `[${key},${value}]`).join(',')}]`;
    }
    case 'struct':
      return `{${(shape.fields ?? []).map(([name, field]) => `${JSON.stringify(name)}:${payloadOf(dice, field, true)}`).join(',')}}`;
    default:
      return primitivePayload(dice, shape.type);
  }
}

/** The text of a value without schema. */
export function plainPayload(dice: Dice, depth: number, names: readonly string[] = fieldNames): string {
  const kind = dice.whole(0, depth > 0 ? 7 : 5);
  if (kind === 0) return 'null';
  if (kind < 3) return dice.chance(0.5) ? primitivePayload(dice, 'int64') : anyDouble(dice);
  if (kind < 5) return JSON.stringify(dice.pick(texts));
  if (kind === 5) return String(dice.chance(0.5));
  if (kind === 6) return `[${dice.times(dice.whole(0, 3), () => plainPayload(dice, depth - 1)).join(',')}]`;
  return plainMap(dice, depth - 1, names);
}

export const plainMap = (dice: Dice, depth: number, names: readonly string[] = fieldNames): string =>
  `{${dice
    .some(names, 0.35)
    .map((name) => `${JSON.stringify(name)}:${plainPayload(dice, depth)}`)
    .join(',')}}`;

export function schemaText(shape: Shape, field?: string): string {
  const { fields, items, keys, values, default: fallback, type, ...rest } = shape;
  const parts = [`"type":${JSON.stringify(type)}`];
  if (items) parts.push(`"items":${schemaText(items)}`);
  if (keys) parts.push(`"keys":${schemaText(keys)}`);
  if (values) parts.push(`"values":${schemaText(values)}`);
  if (fields) parts.push(`"fields":[${fields.map(([name, part]) => schemaText(part, name)).join(',')}]`);
  for (const [name, value] of Object.entries(rest)) parts.push(`"${name}":${JSON.stringify(value)}`);
  if (fallback !== undefined && fallback !== 'null') parts.push(`"default":${fallback}`);
  if (field !== undefined) parts.push(`"field":${JSON.stringify(field)}`);
  return `{${parts.join(',')}}`;
}

export const envelope = (shape: Shape | null, payload: string, tags = ''): string =>
  `{"schema":${shape === null ? 'null' : schemaText(shape)},"payload":${payload}${tags}}`;

/** A value without schema of a class that JSON would not give. */
export function taggedPayload(dice: Dice): readonly [payload: string, tag: string] {
  const tag = dice.pick(['Byte', 'Short', 'Integer', 'Float', 'BigDecimal', 'java.util.Date', 'bytes', 'Double']);
  const type = { Byte: 'int8', Short: 'int16', Integer: 'int32', Float: 'float', bytes: 'bytes', Double: 'double' }[tag];
  if (type !== undefined) return [primitivePayload(dice, type), tag];
  if (tag === 'BigDecimal') return [JSON.stringify(decimalText(dice)), tag];
  return [(logicalPayload.Timestamp as (dice: Dice) => string)(dice), tag];
}
