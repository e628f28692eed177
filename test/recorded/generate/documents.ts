import type { Dice } from './dice.ts';
import { texts } from './scalars.ts';
import { anyShape, payloadOf, plainPayload, type Shape, schemaText } from './values.ts';

const oddValues = [
  'null',
  'true',
  '0',
  '1',
  '-1',
  '-0',
  '1.0',
  '-0.0',
  '1.5',
  '1e3',
  '1E400',
  '-1e400',
  '1e-400',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  '300',
  '70000',
  '2147483648',
  '1.7976931348623157e309',
  '0.1',
  '12.345',
  '12.30',
  '""',
  '"abc"',
  '"NaN"',
  '"BM4="',
  '"!!"',
  '"BM4"',
  '"1.5"',
  '"true"',
  '[]',
  '[1,2]',
  '[[1,2]]',
  '[["a",1]]',
  '[[1]]',
  '[[1,2,3]]',
  '{}',
  '{"a":1}',
  '{"a":null}',
  '{"a":1,"a":2}',
  '{"b":{}}',
  '"\\u0000"',
  '"\\ud800"',
  '"\u00fc"',
  '19000',
  '86400000',
  '-86400001',
  '123456789012345678901234567890.5',
] as const;

const oddDocuments = [
  '',
  ' ',
  'null',
  '{',
  '}',
  '[',
  '{}',
  '[]',
  '{"schema":null}',
  '{"payload":1}',
  '{"schema":null,"payload":1,"x":2}',
  '{"payload":1,"schema":null}',
  '{"schema":{},"payload":1}',
  '{"schema":1,"payload":1}',
  '{"schema":[],"payload":1}',
  '{"schema":{"type":1},"payload":1}',
  '{"schema":{"type":"nope"},"payload":1}',
  '{"schema":null,"payload":null}',
  '{"schema":null,"schema":null,"payload":1}',
  'true,',
  '1 2',
  '"a" x',
  '{"a":NaN}',
  '01',
  '+1',
  '.5',
  '5.',
  '1.e3',
  '-',
  'nul',
  'tru',
  "'a'",
  '{a:1}',
  '{"a" 1}',
  '{"a":1,}',
  '[1,]',
  '[1 2]',
  '"a\nb"',
  '"\\x"',
  '"\\u12"',
  '/*c*/1',
  '//c\n1',
  '\ufeff1',
  '\u0000',
  '[1,2',
  '"abc',
  '{"a":1}}',
  'Infinity',
  '-Infinity',
  '1e',
  '1e+',
  '--1',
  '0x1',
  '1_0',
] as const;

const types = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float',
  'double',
  'boolean',
  'string',
  'bytes',
  'array',
  'map',
  'struct',
  'float32',
  'Int32',
  '',
] as const;

/** A document for JsonConverter: a valid one, one with a value of another kind in a place, or a broken text. */
export function jsonDocument(dice: Dice, enveloped: boolean): string {
  if (dice.chance(0.12)) return dice.pick(oddDocuments);
  if (!enveloped) return damaged(dice, dice.chance(0.4) ? dice.pick(oddValues) : plainPayload(dice, 3));
  const shape = anyShape(dice, 2);
  const schema = dice.chance(0.2) ? oddSchema(dice, shape) : schemaText(shape);
  const payload = dice.chance(0.45) ? oddPayload(dice, shape) : payloadOf(dice, shape);
  return damaged(dice, `{"schema":${dice.chance(0.05) ? 'null' : schema},"payload":${payload}}`);
}

/** The payload of a shape with something else in some places. */
function oddPayload(dice: Dice, shape: Shape): string {
  if (dice.chance(0.4)) return dice.pick(oddValues);
  if (shape.type === 'struct') {
    const fields = (shape.fields ?? []).filter(() => dice.chance(0.9));
    const members = fields.map(([name, field]) => `${JSON.stringify(name)}:${oddPayload(dice, field)}`);
    return `{${[...members, ...(dice.chance(0.2) ? ['"unknown":1'] : [])].join(',')}}`;
  }
  if (shape.type === 'array' && shape.items !== undefined)
    return `[${dice.times(dice.whole(0, 2), () => oddPayload(dice, shape.items as Shape)).join(',')}]`;
  if (shape.type === 'map' && shape.keys?.type === 'string') return `{"k":${oddPayload(dice, shape.values as Shape)}}`;
  return payloadOf(dice, shape);
}

/** A schema with an attribute of a wrong kind, or one too few. */
function oddSchema(dice: Dice, shape: Shape): string {
  const text = schemaText(shape);
  const change = dice.whole(0, 9);
  const add = (member: string): string => `${text.slice(0, -1)},${member}}`;
  switch (change) {
    case 0:
      return text.replace(/"type":"[a-z0-9]+"/, `"type":"${dice.pick(types)}"`);
    case 1:
      return text.replace(/"optional":(true|false)/, `"optional":${dice.pick(['"true"', '1', 'null', '{}'])}`);
    case 2:
      return add(`"version":${dice.pick(['1.0', '"1"', '2147483648', 'null', '1e0', '-1', 'true'])}`);
    case 3:
      return add(
        `"name":${dice.pick(['1', 'null', '{}', '"n"', '""', '"org.apache.kafka.connect.data.Date"', '"org.apache.kafka.connect.data.Decimal"'])}`,
      );
    case 4:
      return add(`"doc":${dice.pick(['1', 'null', '"d"'])}`);
    case 5:
      return add(`"parameters":${dice.pick(['{"a":1}', 'null', '[]', '{"a":"b"}', '{}', '"x"', '{"scale":"x"}', '{"a":null}'])}`);
    case 6:
      return add(`"default":${dice.pick(oddValues)}`);
    case 7:
      return text.replace(/"(items|keys|values|fields|field)":/, '"gone":');
    case 8:
      return text.replace(
        /"(items|keys|values|fields|field)":/,
        `"$1":${dice.pick(['null', '1', '[]', '{}', '"x"', '[1]', '[{}]'])},"gone":`,
      );
    default:
      return add(dice.pick(['"unknown":1', '"type":"string"', '"items":null', '"fields":[]', '"field":"f"']));
  }
}

/** Now and then a byte of the text is missing, doubled or another. */
function damaged(dice: Dice, text: string): string {
  if (!dice.chance(0.12) || text === '') return text;
  const at = dice.whole(0, text.length - 1);
  const inserted = dice.pick(['', '', '"', '{', '}', '[', ']', ',', ':', '0', ' ', '\n', 'x', '\\', '-', '.', '\u0001', 'e5']);
  return text.slice(0, at) + inserted + text.slice(at + (dice.chance(0.5) ? 1 : 0));
}

const words = [
  ...texts,
  'a',
  'abc',
  '"a"',
  '"2024-05-06"',
  '"12:30:45.123Z"',
  '2024-05-06',
  '0000-00-00',
  '12-05-2024',
  '24:00:00.000Z',
  '99:99:99.999Z',
  '2024-02-30',
  '2024-05-06T12:30:45Z',
  '2024\\-05',
  '12\\:30\\:45.123Z',
  '1e300',
  '-1e-5',
  '1000000000000000000000',
  '100000000000000000000.5',
  '127',
  '128',
  '32768',
  '2147483648',
  '"a\\"b"',
  '""',
  'nul',
  'TRUE',
  'falsey',
  'true false',
  '3.4e38',
  '3.5e38',
  '1,000',
  '12:30:45Z',
  '1]',
  '[1]]',
];

/** A text for SimpleHeaderConverter: values nested by its own grammar, with a slip now and then. */
export function headerText(dice: Dice): string {
  const value = (depth: number): string => {
    const kind = dice.whole(0, depth > 0 ? 6 : 3);
    const blank = dice.chance(0.15) ? ' ' : '';
    if (kind < 4) return blank + dice.pick(words) + blank;
    if (kind === 4) return dice.pick(['null', '1', '300', '2.5', '"x"', 'true']);
    if (kind === 5)
      return `[${blank}${dice.times(dice.whole(0, 4), () => value(depth - 1)).join(dice.chance(0.9) ? ',' : ' ')}${dice.chance(0.1) ? ',' : ''}]`;
    const key = (): string => dice.pick(['"k"', '"a"', '1', 'true', 'null', 'k', '"2024-05-06"', '1.5', '[1]', '""']);
    return `{${dice.times(dice.whole(0, 3), () => `${key()}${dice.pick([':', ':', ':', ' : ', '='])}${value(depth - 1)}`).join(dice.chance(0.85) ? ',' : ' ')}}`;
  };
  return damaged(dice, value(3));
}
