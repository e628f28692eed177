import { dataException } from '../errors/connect-error.ts';
import { Decimal } from './decimal.ts';
import { primitiveSchema, type Schema, type SchemaAttributes } from './schema.ts';

export const decimalName = 'org.apache.kafka.connect.data.Decimal';
export const dateName = 'org.apache.kafka.connect.data.Date';
export const timeName = 'org.apache.kafka.connect.data.Time';
export const timestampName = 'org.apache.kafka.connect.data.Timestamp';

export const millisPerDay = 86_400_000;

type Attributes = Omit<SchemaAttributes, 'name' | 'version'>;

/** Days since the epoch; values are `Date`s at midnight UTC. */
export const dateSchema = (attributes: Attributes = {}): Schema => primitiveSchema('int32', { ...attributes, name: dateName, version: 1 });
/** Milliseconds of a day; values are `Date`s on 1970-01-01 UTC. */
export const timeSchema = (attributes: Attributes = {}): Schema => primitiveSchema('int32', { ...attributes, name: timeName, version: 1 });
/** Milliseconds since the epoch; values are `Date`s. */
export const timestampSchema = (attributes: Attributes = {}): Schema =>
  primitiveSchema('int64', { ...attributes, name: timestampName, version: 1 });

/** Exact decimals of one scale; values are `Decimal`s. */
export function decimalSchema(scale: number, attributes: Attributes = {}): Schema {
  const parameters = new Map<string, string>([['scale', String(scale)], ...Object.entries(attributes.parameters ?? {})]);
  return primitiveSchema('bytes', { ...attributes, name: decimalName, version: 1, parameters });
}

/** The scale of a Decimal schema. */
export function scaleOf(schema: Schema): number {
  const text = schema.parameters?.get('scale');
  if (text === undefined) throw dataException('Invalid Decimal schema: scale parameter not found.');
  if (!/^[+-]?\d+$/.test(text)) throw dataException(`Invalid scale parameter found in Decimal schema: ${text}`);
  return Number(text);
}

/** Two's complement of the unscaled value, most significant byte first, in the fewest bytes. */
export function decimalToBytes(schema: Schema, value: Decimal): Uint8Array {
  const scale = scaleOf(schema);
  if (value.scale !== scale) {
    throw dataException(
      `Decimal value has mismatching scale for given Decimal schema. Schema has scale ${scale}, value has scale ${value.scale}.`,
    );
  }
  return bigintToBytes(value.unscaled);
}

export const bytesToDecimal = (schema: Schema, bytes: Uint8Array): Decimal => new Decimal(bytesToBigint(bytes), scaleOf(schema));

/** Days since the epoch of a date without time of day. */
export function dateToDays(value: Date): number {
  const millis = value.getTime();
  if (millis % millisPerDay !== 0) {
    throw dataException('Kafka Connect Date type should not have any time fields set to non-zero values.');
  }
  return millis / millisPerDay;
}

/** Milliseconds of the day of a time on 1970-01-01. */
export function timeToMillis(value: Date): number {
  const millis = value.getTime();
  if (!(millis >= 0 && millis <= millisPerDay)) {
    throw dataException('Kafka Connect Time type should not have any date fields set to non-zero values.');
  }
  return millis;
}

export const daysToDate = (days: number): Date => new Date(days * millisPerDay);

export function millisToTime(millis: number): Date {
  if (millis < 0 || millis > millisPerDay) {
    throw dataException('Time values must use number of milliseconds greater than 0 and less than 86400000');
  }
  return new Date(millis);
}

function bigintToBytes(value: bigint): Uint8Array {
  let bits = 8;
  while (BigInt.asIntN(bits, value) !== value) bits *= 2;
  // The shortest form: `bits` is at most twice too long.
  while (bits > 8 && BigInt.asIntN(bits - 8, value) === value) bits -= 8;
  const hex = BigInt.asUintN(bits, value)
    .toString(16)
    .padStart(bits / 4, '0');
  const bytes = new Uint8Array(bits / 8);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function bytesToBigint(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt.asIntN(bytes.length * 8, BigInt(hex));
}
