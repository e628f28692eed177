import type { Dice } from './dice.ts';

export const primitives = ['int8', 'int16', 'int32', 'int64', 'float', 'double', 'boolean', 'string', 'bytes'] as const;
export const logicals = ['Date', 'Time', 'Timestamp', 'Decimal'] as const;

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
export function anyDouble(dice: Dice): string {
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

/** The text of a payload of a logical type. */
export const logicalPayload: Readonly<Record<(typeof logicals)[number], (dice: Dice) => string>> = {
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

/** A value without schema of a class that JSON would not give. */
export function taggedPayload(dice: Dice): readonly [payload: string, tag: string] {
  const tag = dice.pick(['Byte', 'Short', 'Integer', 'Float', 'BigDecimal', 'java.util.Date', 'bytes', 'Double']);
  const type = { Byte: 'int8', Short: 'int16', Integer: 'int32', Float: 'float', bytes: 'bytes', Double: 'double' }[tag];
  if (type !== undefined) return [primitivePayload(dice, type), tag];
  if (tag === 'BigDecimal') return [JSON.stringify(decimalText(dice)), tag];
  return [logicalPayload.Timestamp(dice), tag];
}
