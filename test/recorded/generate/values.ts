import type { Dice } from './dice.ts';
import { anyDouble, logicalPayload, logicals, primitivePayload, primitives, texts } from './scalars.ts';

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
export const fieldNames = ['a', 'b', 'id', 'ts', 'a.b', '', 'naïve', '__proto__', 'constructor', 'x y', 'K'] as const;

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
  if (logical !== undefined && types[logical] === shape.type) return logicalPayload[logical](dice);
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
