import type { Dice } from './dice.ts';
import { headerText, jsonDocument } from './documents.ts';
import { primitivePayload, primitives, texts } from './scalars.ts';
import { anyValue } from './transforms.ts';
import { anyShape, envelope, payloadOf } from './values.ts';

const numbers = 'org.apache.kafka.connect.converters.';
const widths: Readonly<Record<string, readonly [width: number, type: string]>> = {
  Boolean: [1, 'boolean'],
  Short: [2, 'int16'],
  Integer: [4, 'int32'],
  Long: [8, 'int64'],
  Float: [4, 'float'],
  Double: [8, 'double'],
};

interface Conversion {
  readonly converter: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly direction: 'from' | 'to';
  /** JSON. */
  readonly input: string;
  readonly isHeader?: boolean;
}

const base64 = (bytes: Uint8Array | string): string => JSON.stringify(Buffer.from(bytes).toString('base64'));
const utf16 = (text: string, order: 'le' | 'be'): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'be' ? bytes.swap16() : bytes;
};

const families: Readonly<Record<string, (dice: Dice) => Conversion>> = {
  'JsonConverter/to': (dice) => {
    const enveloped = dice.chance(0.65);
    const config = {
      ...(enveloped ? {} : { 'schemas.enable': 'false' }),
      ...(dice.chance(0.2) ? { 'replace.null.with.default': 'false' } : {}),
      ...(dice.chance(0.1) ? { 'schemas.cache.size': dice.pick(['0', '1']) } : {}),
    };
    if (dice.chance(0.05))
      return {
        converter: json,
        config: { ...config, ...dice.pick(badConfigs) },
        direction: 'to',
        input: base64(jsonDocument(dice, false)),
      };
    if (dice.chance(0.03)) return { converter: json, config, direction: 'to', input: 'null' };
    const text = jsonDocument(dice, enveloped);
    const bytes = dice.chance(0.03)
      ? utf16(text, dice.pick(['le', 'be']))
      : dice.chance(0.02)
        ? Buffer.concat([Buffer.from(text), Buffer.from([dice.whole(128, 255)])])
        : text;
    return { converter: json, config, direction: 'to', input: base64(bytes) };
  },
  'JsonConverter/from': (dice) => ({
    converter: json,
    config: {
      ...(dice.chance(0.5) ? { 'schemas.enable': 'false' } : {}),
      ...(dice.chance(0.4) ? { 'decimal.format': dice.pick(['NUMERIC', 'numeric', 'BASE64']) } : {}),
      ...(dice.chance(0.3) ? { 'replace.null.with.default': 'false' } : {}),
    },
    direction: 'from',
    input: dice.chance(0.25) ? misfit(dice) : anyValue(dice),
  }),
  'StringConverter/from': (dice) => ({
    converter: 'org.apache.kafka.connect.storage.StringConverter',
    config: encoding(dice),
    direction: 'from',
    input: anyValue(dice, 1),
  }),
  'StringConverter/to': (dice) => ({
    converter: 'org.apache.kafka.connect.storage.StringConverter',
    config: encoding(dice),
    direction: 'to',
    input: base64(dice.chance(0.5) ? dice.pick(texts) : bytesOf(dice)),
  }),
  'SimpleHeaderConverter/to': (dice) => ({
    converter: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    direction: 'to',
    isHeader: true,
    input: dice.chance(0.05) ? base64(bytesOf(dice)) : base64(headerText(dice)),
  }),
  'SimpleHeaderConverter/from': (dice) => ({
    converter: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    direction: 'from',
    isHeader: true,
    input: anyValue(dice, 2),
  }),
  'ByteArrayConverter/from': (dice) => ({
    converter: `${numbers}ByteArrayConverter`,
    direction: 'from',
    input: dice.chance(0.5) ? envelope({ type: 'bytes', optional: true }, primitivePayload(dice, 'bytes')) : anyValue(dice, 1),
  }),
  'NumberConverter/from': (dice) => {
    const kind = dice.pick(Object.keys(widths));
    const [, type] = widths[kind] as readonly [number, string];
    const shape = { type: dice.chance(0.6) ? type : dice.pick(primitives), optional: dice.chance(0.5) };
    return {
      converter: `${numbers}${kind}Converter`,
      direction: 'from',
      input: dice.chance(0.3) ? anyValue(dice, 1) : envelope(shape, payloadOf(dice, shape)),
    };
  },
  'NumberConverter/to': (dice) => {
    const kind = dice.pick(Object.keys(widths));
    const [width] = widths[kind] as readonly [number, string];
    const bytes = dice.times(dice.chance(0.8) ? width : dice.whole(0, 9), () =>
      kind === 'Boolean' ? dice.whole(0, 2) : dice.whole(0, 255),
    );
    return { converter: `${numbers}${kind}Converter`, direction: 'to', input: dice.chance(0.05) ? 'null' : base64(Buffer.from(bytes)) };
  },
};

const badConfigs: readonly Readonly<Record<string, string>>[] = [
  { 'decimal.format': 'weird' },
  { 'schemas.cache.size': '1.5' },
  { 'schemas.enable': 'yes' },
  { 'replace.null.with.default': '' },
  { 'schemas.cache.size': '-1' },
  { 'schema.content': '{' },
  { 'schema.content': '{"type":"int32"}' },
  { 'schema.content': '{"type":"struct","fields":[{"type":"string","field":"a"}]}' },
  { 'schema.content': '' },
  { 'schema.content': 'null' },
  { 'schema.content': '1' },
  { 'schema.content': '{"type":"nope"}', 'schemas.enable': 'false' },
  { 'schema.content': '{"type":"array"}' },
];

const json = 'org.apache.kafka.connect.json.JsonConverter';
const encoding = (dice: Dice): Readonly<Record<string, string>> =>
  dice.chance(0.4)
    ? {
        'converter.encoding': dice.pick([
          'UTF-8',
          'utf8',
          'ISO-8859-1',
          'US-ASCII',
          'UTF-16',
          'UTF-16LE',
          'UTF-16BE',
          'windows-1252',
          'bogus',
          'latin1',
          'UTF8',
          'ascii',
          '',
        ]),
      }
    : {};
const bytesOf = (dice: Dice): Buffer => Buffer.from(dice.times(dice.whole(0, 8), () => dice.whole(0, 255)));

/** A schema, and a value of another. */
function misfit(dice: Dice): string {
  const [shape, other] = [anyShape(dice, 1, { plain: true }), anyShape(dice, 1, { plain: true })];
  const tags: Readonly<Record<string, string>> = {
    int8: 'Byte',
    int16: 'Short',
    int32: 'Integer',
    int64: 'Long',
    float: 'Float',
    double: 'Double',
    string: 'String',
    boolean: 'Boolean',
    bytes: 'bytes',
  };
  // Of a number in a place with schema the schema says the class here.
  const isNumber = /^(?:int|float|double)/;
  const tag = other.name === undefined && !(isNumber.test(other.type) && isNumber.test(shape.type)) ? tags[other.type] : undefined;
  const payload = primitivePayload(dice, other.type in tags ? other.type : 'string');
  return tag === undefined ? envelope(null, payloadOf(dice, other)) : envelope(shape, payload, `,"javaType":"${tag}"`);
}

/** One case without its answer: a conversion of the family. */
export function conversionCase(dice: Dice, family: string, id: string): string {
  const { converter, config = {}, direction, input, isHeader = false } = (families[family] as (dice: Dice) => Conversion)(dice);
  const subject = isHeader ? '"as":"header","headerKey":"h"' : `"isKey":${dice.chance(0.3)}`;
  return `{"id":"${family}-${id}","kind":"converter","converter":"${converter}","config":${JSON.stringify(config)},${subject},"topic":"t","direction":"${direction}","input":${input}}`;
}

export const conversionFamilies: readonly string[] = Object.keys(families);
