import { digitValue } from '../java/decimal-digits.ts';
import { alignValue } from './align-value.ts';
import { Decimal } from './decimal.ts';
import { JavaNumber, type NumberKind } from './java-number.ts';
import { javaText } from './java-text.ts';
import { dateName, dateSchema, decimalSchema, millisPerDay, timeName, timeSchema, timestampSchema } from './logical.ts';
import { SchemaMerger } from './merge-schemas.ts';
import {
  arraySchema,
  booleanSchema,
  float32Schema,
  float64Schema,
  int8Schema,
  int16Schema,
  int32Schema,
  int64Schema,
  mapSchema,
  type Schema,
  stringSchema,
} from './schema.ts';
import type { Value } from './value.ts';
import { dateFormat, timeFormat, timestampFormat } from './value-text.ts';
import { isBlank, trimmed, ValueTokens } from './value-tokens.ts';

/** A value that a text says, and the schema that follows from it. */
export interface ParsedValue {
  readonly schema: Schema;
  readonly value: Value;
}

/** Nesting at which a text is taken as a plain string: deeper ones are no data but an attack on the stack. */
const maxDepth = 500;

/**
 * Reads a text as Connect's `Values.parseString` does: literals, numbers, dates, lists and maps; whatever is none of them is a string.
 *
 * `null` for the text `null`. Numbers get the smallest type that holds them; elements of mixed types have no schema.
 */
export function parseValue(text: string): ParsedValue | null {
  if (text === '') return { schema: stringSchema, value: '' };
  const tokens = new ValueTokens(text);
  const parsed = parseTop(tokens);
  if (parsed === null) return null;
  return parsed === undefined
    ? { schema: stringSchema, value: text }
    : { schema: parsed.schema, value: alignValue(parsed.value, parsed.schema) };
}

/** Not a value where one must be: the whole text is a string then. */
class Unparseable extends Error {}

function parseTop(tokens: ValueTokens): ParsedValue | null | undefined {
  for (const [literal, meaning] of literals) {
    if (tokens.consume(literal) && !tokens.hasNext()) return meaning;
    tokens.at = 0;
  }
  try {
    const container = parseContainer(tokens, 0);
    if (container !== undefined) return container;
  } catch (error) {
    if (!(error instanceof Unparseable)) throw error;
    // As Connect: the text is read again from its start, and blanks before a broken list or map are all that is taken.
    tokens.at = 0;
    const first = tokens.next();
    if (isBlank(first)) return { schema: stringSchema, value: first };
  }
  tokens.at = 0;
  return parseScalar(tokens);
}

const literals: ReadonlyArray<readonly [string, ParsedValue | null]> = [
  ['null', null],
  ['true', { schema: booleanSchema, value: true }],
  ['false', { schema: booleanSchema, value: false }],
];

function parseEmbedded(tokens: ValueTokens, depth: number): ParsedValue | null {
  if (!tokens.hasNext() || depth > maxDepth) throw new Unparseable();
  if (tokens.consume('"')) return parseQuoted(tokens);
  for (const [literal, meaning] of literals) if (tokens.consume(literal)) return meaning;
  const parsed = parseContainer(tokens, depth) ?? parseScalar(tokens);
  if (parsed === undefined) throw new Unparseable();
  return parsed;
}

function parseQuoted(tokens: ValueTokens): ParsedValue {
  let content = '';
  while (tokens.hasNext()) {
    const token = tokens.next();
    if (token === '"') break;
    content += token;
  }
  return parseTemporal(content) ?? { schema: stringSchema, value: content };
}

function parseContainer(tokens: ValueTokens, depth: number): ParsedValue | undefined {
  if (tokens.consume('[')) return parseArray(tokens, depth + 1);
  return tokens.consume('{') ? parseMap(tokens, depth + 1) : undefined;
}

function parseArray(tokens: ValueTokens, depth: number): ParsedValue {
  const elements: (ParsedValue | null)[] = [];
  const schemas = new SchemaMerger();
  while (tokens.hasNext()) {
    if (tokens.consume(']')) return finishArray(elements, schemas.schema);
    if (tokens.consume(',')) throw new Unparseable();
    const element = parseEmbedded(tokens, depth);
    schemas.merge(element);
    elements.push(element);
    const end = tokens.at;
    if (tokens.consume(']')) tokens.at = end;
    else if (!tokens.consume(',')) throw new Unparseable();
  }
  throw new Unparseable();
}

function finishArray(elements: readonly (ParsedValue | null)[], schema: Schema | null): ParsedValue {
  return { schema: arraySchema(schema), value: elements.map((element) => converted(element, schema)) };
}

function parseMap(tokens: ValueTokens, depth: number): ParsedValue {
  const entries: [ParsedValue, ParsedValue | null][] = [];
  const keys = new SchemaMerger();
  const values = new SchemaMerger();
  while (tokens.hasNext()) {
    if (tokens.consume('}')) return finishMap(entries, keys.schema, values.schema);
    if (tokens.consume(',')) throw new Unparseable();
    const key = parseEmbedded(tokens, depth);
    if (key === null || !tokens.consume(':')) throw new Unparseable();
    const value = parseEmbedded(tokens, depth);
    entries.push([key, value]);
    tokens.consume(',');
    keys.merge(key);
    values.merge(value);
  }
  throw new Unparseable();
}

/** Without a common schema of the keys the values keep their own classes, too. */
function finishMap(
  entries: readonly [ParsedValue, ParsedValue | null][],
  keySchema: Schema | null,
  valueSchema: Schema | null,
): ParsedValue {
  const values = keySchema === null ? null : valueSchema;
  const map = new Map<string, readonly [Value, Value]>();
  for (const [key, value] of entries) map.set(identity(key), [converted(key, keySchema), converted(value, values)]);
  return { schema: mapSchema(keySchema, values), value: new Map(map.values()) };
}

/** Equal keys of Java's map: same class, same value. */
const identity = ({ schema, value }: ParsedValue): string =>
  `${schema.type} ${schema.name} ${value instanceof Date ? value.getTime() : javaText(value, schema)}`;

/** The value in the schema that all elements share; null does not fit one, since it is not optional. */
function converted(element: ParsedValue | null, schema: Schema | null): Value {
  if (schema === null) return element?.value ?? null;
  if (element === null) throw new Unparseable();
  return schema.type === element.schema.type && schema.name === element.schema.name ? element.value : widened(element.value, schema);
}

function widened(value: Value, schema: Schema): Value {
  if (value instanceof Date) {
    // Between dates, times and timestamps nothing is converted; a wider number a date cannot be.
    if (schema.name === null && schema.type !== 'int32') throw new Unparseable();
    if (schema.name !== null) return value;
    if (value.getTime() !== (value.getTime() | 0)) throw new Unparseable();
    return new JavaNumber('Integer', value.getTime());
  }
  if (value instanceof JavaNumber && schema.name !== null) return dateOf(value.value, schema.name);
  const kind = kindOf[schema.type];
  if (kind === undefined || !(value instanceof JavaNumber || typeof value === 'bigint')) return value;
  if (kind === 'Long' && typeof value === 'bigint') return value;
  return new JavaNumber(kind, kind === 'Float' ? Math.fround(Number(value)) : Number(value));
}

function dateOf(value: number, schemaName: string): Date {
  if (schemaName === timeName && (value < 0 || value > millisPerDay)) throw new Unparseable();
  return new Date(schemaName === dateName ? value * millisPerDay : value);
}

const kindOf: Readonly<Record<string, NumberKind>> = {
  int8: 'Byte',
  int16: 'Short',
  int32: 'Integer',
  int64: 'Long',
  float32: 'Float',
  float64: 'Double',
};

/** A token that stands for a date or a number. */
function parseScalar(tokens: ValueTokens): ParsedValue | undefined {
  const token = trimmed(tokens.nextFilled());
  if (isBlank(token)) return undefined;
  const startsWithDigit = digitValue(token.codePointAt(0) ?? 0) >= 0;
  if (startsWithDigit) {
    // Colons are delimiters: a time is five tokens.
    const end = tokens.at;
    const rest = tokens.take(4);
    const temporal = rest === undefined ? undefined : parseTemporal(token + rest);
    if (temporal !== undefined) return temporal;
    tokens.at = end;
    const single = parseTemporal(token);
    if (single !== undefined) return single;
  }
  return startsWithDigit || token.startsWith('+') || token.startsWith('-') ? parseNumber(token) : undefined;
}

const temporals = [
  { length: 10, format: dateFormat, schema: dateSchema() },
  { length: 13, format: timeFormat, schema: timeSchema() },
  { length: 24, format: timestampFormat, schema: timestampSchema() },
] as const;

function parseTemporal(text: string): ParsedValue | undefined {
  const plain = text.replaceAll('\\:', ':');
  const temporal = temporals.find(({ length }) => length === plain.length);
  const instant = temporal?.format.parse(plain);
  return temporal === undefined || instant === undefined ? undefined : { schema: temporal.schema, value: new Date(instant) };
}

function parseNumber(token: string): ParsedValue | undefined {
  const decimal = Decimal.parse(asciiDigits(token));
  if (decimal === undefined) return undefined;
  const integral = integerOf(decimal);
  if (integral !== undefined && BigInt.asIntN(64, integral) === integral) return integer(integral);
  if (integral !== undefined && decimal.scale === 0) return { schema: decimalSchema(0), value: decimal };
  const double = Number(decimal.toString());
  const float = Math.fround(double);
  if (Number.isFinite(float)) return { schema: float32Schema, value: new JavaNumber('Float', float) };
  if (Number.isFinite(double)) return { schema: float64Schema, value: new JavaNumber('Double', double) };
  return { schema: decimalSchema(decimal.scale), value: decimal };
}

/** The integer that a decimal is; `undefined` for a fraction, and for what is surely beyond 64 bits. */
function integerOf({ unscaled, scale }: Decimal): bigint | undefined {
  if (unscaled === 0n) return 0n;
  if (scale <= 0) return scale < -19 ? undefined : unscaled * 10n ** BigInt(-scale);
  const divisor = scale > unscaled.toString().length ? 0n : 10n ** BigInt(scale);
  return divisor !== 0n && unscaled % divisor === 0n ? unscaled / divisor : undefined;
}

function integer(value: bigint): ParsedValue {
  const number = Number(value);
  if (number === (number << 24) >> 24) return { schema: int8Schema, value: new JavaNumber('Byte', number) };
  if (number === (number << 16) >> 16) return { schema: int16Schema, value: new JavaNumber('Short', number) };
  if (number === (number | 0)) return { schema: int32Schema, value: new JavaNumber('Integer', number) };
  return { schema: int64Schema, value: Number.isSafeInteger(number) ? new JavaNumber('Long', number) : value };
}

const asciiDigits = (text: string): string => text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
