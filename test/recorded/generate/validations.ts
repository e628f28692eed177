import { datePattern } from './dates.ts';
import type { Dice } from './dice.ts';
import { regexText } from './regexes.ts';

const transforms = 'org.apache.kafka.connect.transforms.';
const converters = 'org.apache.kafka.connect.converters.';

const flags = ['true', 'false', 'TRUE', ' true ', 'yes', '', '1', 'True '] as const;
const words = [
  '',
  ' ',
  'a',
  ' a ',
  'a,b',
  'a, b ,c',
  'a,,b',
  ',',
  'a,a',
  'a,',
  ',a',
  'true',
  '1',
  '-1',
  '1.5',
  '2147483648',
  'ü',
  'a:b',
  'a:b:c',
  'a:',
  ':',
  '::',
  ':b',
  'a:b,c:d',
  'a:b,a:c',
  'a :b',
  'move',
  'MOVE',
  'copy',
  'V1',
  'v2',
  'V3',
  'string',
  'unix',
  'Date',
  'date',
  'seconds',
  'NUMERIC',
  'base64',
  'Base64',
  '${topic}',
  'int8',
  'INT8',
  'a:int8',
  'a:int9',
  'int8,a:int8',
  'bytes',
  'a:bytes',
  'a:struct',
  ' int8 ',
  'a: int8 ',
  'a:int8,b',
  'struct',
  'map',
  'value',
  'key',
  'header',
  'UTF-8',
  'bogus',
  '0',
  '10',
  '+5',
  ' 7 ',
  'yyyy',
  'T',
] as const;

/** The keys of each plugin; `regex` stands for one whose values are expressions. */
const plugins: Readonly<Record<string, readonly string[]>> = {
  [`${transforms}Cast$Value`]: ['spec', 'replace.null.with.default'],
  [`${transforms}DropHeaders`]: ['headers'],
  [`${transforms}ExtractField$Key`]: ['field', 'field.syntax.version', 'replace.null.with.default'],
  [`${transforms}Filter`]: ['any'],
  [`${transforms}Flatten$Value`]: ['delimiter'],
  [`${transforms}HeaderFrom$Value`]: ['fields', 'headers', 'operation', 'replace.null.with.default'],
  [`${transforms}HoistField$Value`]: ['field'],
  [`${transforms}InsertField$Value`]: [
    'topic.field',
    'partition.field',
    'offset.field',
    'timestamp.field',
    'static.field',
    'static.value',
    'replace.null.with.default',
  ],
  [`${transforms}InsertHeader`]: ['header', 'value.literal'],
  [`${transforms}MaskField$Value`]: ['fields', 'replacement', 'replace.null.with.default'],
  [`${transforms}RegexRouter`]: ['regex', 'replacement'],
  [`${transforms}ReplaceField$Value`]: ['exclude', 'include', 'renames', 'replace.null.with.default'],
  [`${transforms}SetSchemaMetadata$Value`]: ['schema.name', 'schema.version', 'replace.null.with.default'],
  [`${transforms}TimestampConverter$Value`]: ['field', 'target.type', 'format', 'unix.precision', 'replace.null.with.default'],
  [`${transforms}TimestampRouter`]: ['topic.format', 'timestamp.format'],
  [`${transforms}ValueToKey`]: ['fields', 'replace.null.with.default'],
  [`${transforms}predicates.HasHeaderKey`]: ['name'],
  [`${transforms}predicates.RecordIsTombstone`]: ['any'],
  [`${transforms}predicates.TopicNameMatches`]: ['pattern'],
  'org.apache.kafka.connect.json.JsonConverter': [
    'schemas.enable',
    'schemas.cache.size',
    'decimal.format',
    'replace.null.with.default',
    'converter.type',
    'schema.content',
  ],
  'org.apache.kafka.connect.storage.StringConverter': ['converter.encoding', 'converter.type'],
  'org.apache.kafka.connect.storage.SimpleHeaderConverter': ['converter.type'],
  [`${converters}ByteArrayConverter`]: ['converter.type'],
  [`${converters}BooleanConverter`]: ['converter.type'],
  [`${converters}ShortConverter`]: ['converter.type'],
  [`${converters}IntegerConverter`]: ['converter.type'],
  [`${converters}LongConverter`]: ['converter.type'],
  [`${converters}FloatConverter`]: ['converter.type'],
  [`${converters}DoubleConverter`]: ['converter.type'],
};

function settingFor(dice: Dice, key: string): string {
  if (key === 'regex' || key === 'pattern') return regexText(dice);
  if (key === 'format' || key === 'timestamp.format') return dice.chance(0.5) ? datePattern(dice) : dice.pick(words);
  return key.endsWith('default') || key.endsWith('enable') ? dice.pick(flags) : dice.pick(words);
}

/** The validation of one plugin's settings. */
export function validationCase(dice: Dice, id: string): string {
  const plugin = dice.pick(Object.keys(plugins));
  const keys = dice.some(plugins[plugin] ?? [], 0.75);
  const config = Object.fromEntries([...keys, ...(dice.chance(0.1) ? ['unknown.key'] : [])].map((key) => [key, settingFor(dice, key)]));
  return `{"id":"plugin-${id}","kind":"validate","plugin":${JSON.stringify(plugin)},"config":${JSON.stringify(config)}}`;
}

const record =
  '{"topic":"orders","partition":1,"offset":0,"timestamp":1000,"timestampType":"CreateTime","key":{"schema":null,"payload":{"a":1}},"value":{"schema":null,"payload":{"a":1,"b":"x"}},"headers":[]}';

/** A chain whose settings are mostly wrong somewhere: which mistake is told, in which words. */
export function badConfigCase(dice: Dice, id: string): string {
  const classes = Object.keys(plugins).filter((name) => name.startsWith(transforms));
  const isPredicate = (name: string): boolean => name.includes('.predicates.');
  const config: Record<string, string> = {};
  const aliases = dice.pick([['t'], ['t'], ['a', 'b'], ['x.y'], ['t', 't'], ['']]);
  config['transforms'] = aliases.join(dice.pick([',', ' , ']));
  if (dice.chance(0.3)) config['predicates'] = dice.pick(['p', 'p,q', 'p,p', '', 'q']);
  const named = (path: string, wanted: boolean): void => {
    const plugin = dice.pick(classes.filter((name) => isPredicate(name) === wanted));
    const type = dice.pick([
      plugin,
      plugin,
      plugin,
      plugin,
      plugin,
      plugin.replace(/\$.*/, ''),
      plugin.split('.').at(-1) ?? '',
      `${plugin} `,
      '',
      'no.Such',
      'java.lang.String',
      dice.pick(classes),
      `${transforms}Transformation`,
    ]);
    if (dice.chance(0.95)) config[`${path}.type`] = type;
    for (const key of dice.some(plugins[plugin] ?? [], 0.8)) config[`${path}.${key}`] = settingFor(dice, key);
  };
  for (const alias of new Set(aliases)) {
    named(`transforms.${alias}`, false);
    if (dice.chance(0.25)) config[`transforms.${alias}.predicate`] = dice.pick(['p', 'q', 'nope', ' p', '']);
    if (dice.chance(0.2)) config[`transforms.${alias}.negate`] = dice.pick(flags);
  }
  for (const alias of (config['predicates'] ?? '').split(',').filter((name) => name !== '')) named(`predicates.${alias}`, true);
  return `{"id":"BadConfig-${id}","kind":"transform","recordType":"sink","config":${JSON.stringify(config)},"input":${record}}`;
}

/** Whether a regular expression is accepted, and in which words it is not. */
export function regexCase(dice: Dice, id: string): string {
  const config = { pattern: regexText(dice, true) };
  return `{"id":"regex-${id}","kind":"validate","plugin":"${transforms}predicates.TopicNameMatches","config":${JSON.stringify(config)}}`;
}
