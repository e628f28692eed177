import { datePattern, dateText } from './dates.ts';
import type { Dice } from './dice.ts';
import { headerText } from './documents.ts';
import { regexText, replacementText, topicText } from './regexes.ts';
import { logicals, primitivePayload, primitives, taggedPayload, texts } from './scalars.ts';
import { anyShape, envelope, fieldNames, logicalShape, payloadOf, plainMap, plainPayload, type Shape, structShape } from './values.ts';

type Settings = Readonly<Record<string, string>>;
/** A transform with its settings, and the value it is tried on, if it needs one of a kind. */
interface Stage {
  readonly type: string;
  readonly settings: Settings;
  readonly value?: string;
}

const prefix = 'org.apache.kafka.connect.transforms.';
const name = (dice: Dice): string => dice.pick([...fieldNames, 'nope', ' a', 'b ']);
const names = (dice: Dice): string =>
  dice.some([...fieldNames.filter((one) => one !== ''), 'nope'], 0.25).join(dice.pick([',', ', '])) || 'a';
const maybe = (dice: Dice, key: string, value: () => string, probability = 0.5): Settings =>
  dice.chance(probability) ? { [key]: value() } : {};
const nulls = (dice: Dice): Settings =>
  maybe(dice, 'replace.null.with.default', () => dice.pick(['true', 'false', 'FALSE', ' true ']), 0.3);
const castType = (dice: Dice): string =>
  dice.pick(['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string', 'STRING', ' Int32 ']);

/** A value of any kind, as an ENV. */
export function anyValue(dice: Dice, depth = 2): string {
  const kind = dice.whole(0, 9);
  if (kind === 0) return envelope(null, 'null');
  if (kind < 4) return envelope(null, plainMap(dice, depth));
  if (kind === 4) {
    const [payload, tag] = taggedPayload(dice);
    return dice.chance(0.5)
      ? envelope(null, payload, `,"javaType":"${tag}"`)
      : envelope(null, `{"a":${payload}}`, `,"javaTypes":{"/a":"${tag}"}`);
  }
  if (kind === 5) return envelope(null, plainPayload(dice, depth));
  const shape = kind === 6 ? anyShape(dice, depth) : structShape(dice, depth);
  return envelope(shape, payloadOf(dice, shape));
}

/** A single value with or without schema, wrapped in a field `f` or not. */
function single(dice: Dice, shape: Shape, plain: string, wrapped: boolean): string {
  const payload = payloadOf(dice, shape);
  if (dice.chance(0.35)) return envelope(null, wrapped ? `{"f":${plain}}` : plain);
  if (!wrapped) return envelope(shape, payload);
  const struct: Shape = {
    type: 'struct',
    optional: dice.chance(0.3),
    fields: [
      ['f', shape],
      ['g', { type: 'string', optional: true }],
    ],
  };
  return envelope(struct, `{"f":${payload},"g":"keep"}`);
}

const families: Readonly<Record<string, (dice: Dice) => Stage>> = {
  Cast: (dice) => {
    if (dice.chance(0.3))
      return { type: side(dice, 'Cast'), settings: { spec: `${name(dice)}:${castType(dice)},b:${castType(dice)}`, ...nulls(dice) } };
    const wrapped = dice.chance(0.5);
    const shape = dice.chance(0.6)
      ? withDefault(dice, { type: dice.pick(primitives), optional: dice.chance(0.5) })
      : dice.chance(0.8)
        ? withDefault(dice, logicalShape(dice, dice.pick(logicals)))
        : anyShape(dice, 1);
    const settings = { spec: wrapped ? `f:${castType(dice)}` : castType(dice), ...nulls(dice) };
    if (!dice.chance(0.2))
      return {
        type: `${prefix}Cast$Value`,
        settings,
        value: single(dice, shape, dice.chance(0.5) ? JSON.stringify(dice.pick(texts)) : plainPayload(dice, 1), wrapped),
      };
    const [payload, tag] = taggedPayload(dice);
    const value = wrapped
      ? envelope(null, `{"f":${payload}}`, `,"javaTypes":{"/f":"${tag}"}`)
      : envelope(null, payload, `,"javaType":"${tag}"`);
    return { type: `${prefix}Cast$Value`, settings, value };
  },
  DropHeaders: (dice) => ({ type: `${prefix}DropHeaders`, settings: { headers: dice.pick(['h1', 'h1,h2', 'nope', 'H1', 'h1 , h3']) } }),
  ExtractField: (dice) => ({
    type: side(dice, 'ExtractField'),
    settings: {
      field: dice.chance(0.6)
        ? name(dice)
        : dice.pick(['a.b', 'a.a', '`a.b`.a', 'a.`a.b`', 'a..b', '.', '`a', 'a.`', '``', 'b.', '`x y`.id', '`a`b`', 'a.`b\\`.c`', '`a`.b']),
      ...maybe(dice, 'field.syntax.version', () => dice.pick(['V1', 'V2', 'v2']), 0.6),
      ...nulls(dice),
    },
  }),
  Filter: () => ({ type: `${prefix}Filter`, settings: {} }),
  Flatten: (dice) => ({ type: side(dice, 'Flatten'), settings: maybe(dice, 'delimiter', () => dice.pick(['.', '_', '', '::', ' '])) }),
  HeaderFrom: (dice) => {
    const fields = dice.some(['a', 'b', 'id', 'nope', 'a.b'], 0.4);
    return {
      type: side(dice, 'HeaderFrom'),
      settings: {
        fields: fields.join(',') || 'a',
        headers: fields.map((one) => `h-${one}`).join(',') || 'ha',
        operation: dice.pick(['move', 'copy']),
        ...nulls(dice),
      },
    };
  },
  HoistField: (dice) => ({ type: side(dice, 'HoistField'), settings: { field: name(dice) } }),
  InsertField: (dice) => ({
    type: side(dice, 'InsertField'),
    settings: {
      ...maybe(dice, 'topic.field', () => dice.pick(['t', 't!', 't?', 'a', '!', '?', 't!?'])),
      ...maybe(dice, 'partition.field', () => dice.pick(['p', 'p!', 'a'])),
      ...maybe(dice, 'offset.field', () => dice.pick(['o', 'o!', 'o?']), 0.25),
      ...maybe(dice, 'timestamp.field', () => dice.pick(['ts', 'tt!', 'tt'])),
      ...maybe(dice, 'static.field', () => dice.pick(['s', 's!', 's?', '__proto__'])),
      ...maybe(dice, 'static.value', () => dice.pick(['v', '', ' padded ', 'ü']), 0.8),
      ...nulls(dice),
    },
  }),
  InsertHeader: (dice) => ({
    type: `${prefix}InsertHeader`,
    settings: { header: dice.pick(['new', 'h1', '']), 'value.literal': dice.chance(0.5) ? dice.pick(texts) : headerText(dice) },
  }),
  MaskField: (dice) => ({
    type: side(dice, 'MaskField'),
    settings: {
      fields: names(dice),
      ...maybe(
        dice,
        'replacement',
        () => dice.pick(['***', '123', '-7', '1.5', 'NaN', '1e3', '99999999999', '0x1', ' 5', '+5', '1.5f', '']),
        0.6,
      ),
      ...nulls(dice),
    },
  }),
  RegexRouter: (dice) => ({ type: `${prefix}RegexRouter`, settings: { regex: regexText(dice), replacement: replacementText(dice) } }),
  ReplaceField: (dice) => ({
    type: side(dice, 'ReplaceField'),
    settings: {
      ...maybe(dice, 'exclude', () => names(dice)),
      ...maybe(dice, 'include', () => names(dice), 0.3),
      ...maybe(dice, 'renames', () =>
        dice.pick(['a:x', 'a:b', 'a:x,b:x', 'a:x,b:y', 'id: z', ' a :y', 'a:a', 'nope:q', 'a:', ':a', 'a', 'a:b:c', '__proto__:p']),
      ),
      ...nulls(dice),
    },
  }),
  SetSchemaMetadata: (dice) => ({
    type: side(dice, 'SetSchemaMetadata'),
    settings: {
      ...maybe(dice, 'schema.name', () => dice.pick(['com.x.Y', 'org.apache.kafka.connect.data.Date', '', ' n '])),
      ...maybe(dice, 'schema.version', () => dice.pick(['1', '-3', ' 7 ', '+5', '0', '2147483647', '2147483648', '1.0', ''])),
      ...nulls(dice),
    },
  }),
  TimestampConverter: timestampConverter,
  TimestampRouter: (dice) => ({
    type: `${prefix}TimestampRouter`,
    settings: {
      ...maybe(dice, 'topic.format', () =>
        dice.pick(['${topic}-${timestamp}', 'p-${topic}-${topic}', '${timestamp}', '$topic', '', '${topic}$1\\', '${timestamp}${topic}']),
      ),
      ...maybe(dice, 'timestamp.format', () => datePattern(dice), 0.8),
    },
  }),
  ValueToKey: (dice) => ({ type: `${prefix}ValueToKey`, settings: { fields: names(dice), ...nulls(dice) } }),
};

const withDefault = (dice: Dice, shape: Shape): Shape =>
  dice.chance(0.2) ? { ...shape, default: payloadOf(dice, { ...shape, optional: false }) } : shape;
const side = (dice: Dice, type: string): string => `${prefix}${type}$${dice.pick(['Key', 'Value', 'Value', 'Value'])}`;

function timestampConverter(dice: Dice): Stage {
  const wrapped = dice.chance(0.5);
  const pattern = datePattern(dice);
  const text = JSON.stringify(dateText(dice, pattern));
  const settings = {
    ...(wrapped ? { field: 'f' } : maybe(dice, 'field', () => name(dice), 0.15)),
    'target.type': dice.pick(['string', 'unix', 'Date', 'Time', 'Timestamp']),
    ...maybe(dice, 'format', () => pattern, 0.9),
    ...maybe(dice, 'unix.precision', () => dice.pick(['seconds', 'milliseconds', 'microseconds', 'nanoseconds']), 0.4),
    ...nulls(dice),
  };
  const type = `${prefix}TimestampConverter$Value`;
  if (dice.chance(0.1)) {
    const [payload, tag] = taggedPayload(dice);
    return {
      type,
      settings,
      value: wrapped ? envelope(null, `{"f":${payload}}`, `,"javaTypes":{"/f":"${tag}"}`) : envelope(null, payload, `,"javaType":"${tag}"`),
    };
  }
  if (dice.chance(0.55)) {
    const string: Shape = { type: 'string', optional: dice.chance(0.5) };
    if (!wrapped) return { type, settings, value: envelope(dice.chance(0.5) ? null : string, text) };
    return {
      type,
      settings,
      value: dice.chance(0.5)
        ? envelope(null, `{"f":${text},"g":1}`)
        : envelope({ type: 'struct', optional: dice.chance(0.3), fields: [['f', string]] }, `{"f":${text}}`),
    };
  }
  const shape = dice.chance(0.5)
    ? logicalShape(dice, dice.pick(['Date', 'Time', 'Timestamp']))
    : dice.chance(0.7)
      ? withDefault(dice, { type: 'int64', optional: dice.chance(0.5) })
      : anyShape(dice, 1);
  return { type, settings, value: single(dice, shape, primitivePayload(dice, 'int64'), wrapped) };
}

const predicates: readonly ((dice: Dice) => Settings)[] = [
  (dice) => ({ type: `${prefix}predicates.HasHeaderKey`, name: dice.pick(['h1', 'H1', 'nope', ' h2 ']) }),
  () => ({ type: `${prefix}predicates.RecordIsTombstone` }),
  (dice) => ({ type: `${prefix}predicates.TopicNameMatches`, pattern: regexText(dice) }),
];

function headerList(dice: Dice): string {
  return `[${dice.times(dice.chance(0.5) ? 0 : dice.whole(1, 3), () => `{"key":"${dice.pick(['h1', 'h2', 'h3'])}","value":${anyValue(dice, 1)}}`).join(',')}]`;
}

/** One case without its answer: a chain of the family alone, or of any, and a record. */
export function transformCase(dice: Dice, family: string, id: string): string {
  const isChain = family === 'Chain';
  const make = (): Stage => (families[isChain ? dice.pick(Object.keys(families)) : family] as (dice: Dice) => Stage)(dice);
  const stages = dice.times(isChain ? dice.whole(2, 4) : 1, make);
  const config: Record<string, string> = { transforms: stages.map((_, i) => `s${i}`).join(',') };
  stages.forEach(({ type, settings }, i) => {
    config[`transforms.s${i}.type`] = type;
    for (const [key, value] of Object.entries(settings)) config[`transforms.s${i}.${key}`] = value;
    if (dice.chance(isChain || family === 'Filter' ? 0.4 : 0.05)) conditioned(dice, config, i);
  });
  const isSink = dice.chance(0.6);
  const topic =
    family === 'RegexRouter' || dice.chance(0.3)
      ? topicText(dice)
      : dice.pick(['orders', 't', 'prod.us-east.billing', 'logs_2023', 'ÜBER']);
  const timestamp = dice.chance(0.1) ? 'null' : dice.pick(['0', '1000', '1700000000123', '4102444800000', String(dice.whole(0, 4e12))]);
  const coordinates = isSink
    ? `,"offset":${dice.pick([0, 7, 4294967296])},"timestamp":${timestamp},"timestampType":"${timestamp === 'null' ? 'NoTimestampType' : 'CreateTime'}"`
    : `,"timestamp":${timestamp}`;
  const key = stages.some(({ type }) => type.endsWith('$Key'))
    ? anyValue(dice)
    : dice.chance(0.5)
      ? envelope(null, '"k"')
      : anyValue(dice, 1);
  const value = stages[0]?.value ?? anyValue(dice);
  const record = `{"topic":${JSON.stringify(topic)},"partition":${isSink || dice.chance(0.7) ? dice.whole(0, 10) : 'null'}${coordinates},"key":${key},"value":${value},"headers":${headerList(dice)}}`;
  return `{"id":"${family}-${id}","kind":"transform","recordType":"${isSink ? 'sink' : 'source'}","config":${JSON.stringify(config)},"input":${record}}`;
}

function conditioned(dice: Dice, config: Record<string, string>, i: number): void {
  config[`transforms.s${i}.predicate`] = `p${i}`;
  if (dice.chance(0.5)) config[`transforms.s${i}.negate`] = dice.pick(['true', 'false', 'TRUE', ' true']);
  config.predicates = config.predicates === undefined ? `p${i}` : `${config.predicates},p${i}`;
  for (const [key, value] of Object.entries(dice.pick(predicates)(dice))) config[`predicates.p${i}.${key}`] = value;
}

export const transformFamilies: readonly string[] = [...Object.keys(families), 'Chain'];
