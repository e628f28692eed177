import { describe, expect, test } from 'vitest';
import {
  atLeast,
  atMostElements,
  between,
  boolean,
  className,
  config,
  distinctValues,
  double,
  int,
  list,
  long,
  notEmpty,
  password,
  type RawConfig,
  short,
  someOf,
  string,
  withoutControlCharacters,
} from '../../src/sdk/index.ts';

const one = (field: Parameters<typeof config>[0][string], raw?: unknown) =>
  config({ key: field }).parse(raw === undefined ? {} : { key: raw });
const problem = (field: Parameters<typeof config>[0][string], raw?: unknown) => one(field, raw).problems[0]?.message;
const parsed = (field: Parameters<typeof config>[0][string], raw?: unknown) => one(field, raw).value?.key;

describe('parsing', () => {
  test('texts are trimmed as Java trims them', () => {
    expect(parsed(string({ doc: '' }), ' a b\t')).toBe('a b');
    expect(parsed(string({ doc: '' }), '\u00a0a')).toBe('\u00a0a');
  });

  test('booleans are true or false in any case', () => {
    expect(parsed(boolean({ doc: '' }), ' TRUE ')).toBe(true);
    expect(parsed(boolean({ doc: '' }), false)).toBe(false);
    expect(problem(boolean({ doc: '' }), 'yes')).toBe('Invalid value yes for configuration key: Expected value to be either true or false');
  });

  test('integers keep to their range and name their type', () => {
    expect(parsed(int({ doc: '' }), ' +2147483647 ')).toBe(2147483647);
    expect(problem(int({ doc: '' }), '2147483648')).toBe('Invalid value 2147483648 for configuration key: Not a number of type INT');
    expect(problem(short({ doc: '' }), 'x')).toBe('Invalid value x for configuration key: Not a number of type SHORT');
    expect(problem(long({ doc: '' }), '1.0')).toBe('Invalid value 1.0 for configuration key: Not a number of type LONG');
    expect(parsed(long({ doc: '' }), '9223372036854775807')).toBe(2 ** 63);
    expect(problem(int({ doc: '' }), 1.5)).toBe(
      'Invalid value 1.5 for configuration key: Expected value to be a 32-bit integer, but it was a java.lang.Double',
    );
  });

  test('doubles have the syntax of Java', () => {
    expect(parsed(double({ doc: '' }), ' 1e3f ')).toBe(1000);
    expect(parsed(double({ doc: '' }), '-Infinity')).toBe(-Infinity);
    expect(problem(double({ doc: '' }), '1,5')).toBe('Invalid value 1,5 for configuration key: Not a number of type DOUBLE');
  });

  test('lists are split at commas, blanks around them dropped', () => {
    expect(parsed(list({ doc: '' }), ' a , b,')).toEqual(['a', 'b', '']);
    expect(parsed(list({ doc: '' }), ' ')).toEqual([]);
    expect(parsed(list({ doc: '' }), ['a'])).toEqual(['a']);
    expect(problem(list({ doc: '' }), 5)).toBe('Invalid value 5 for configuration key: Expected a comma separated list.');
  });

  test('passwords never print', () => {
    const { value } = config({ key: password({ doc: '' }) }).parse({ key: ' s3cret ' });
    expect(value?.key.reveal()).toBe('s3cret');
    expect(`${value?.key} ${JSON.stringify(value)}`).toBe('[hidden] {"key":"[hidden]"}');
  });

  test('a class name is taken as text', () => {
    expect(parsed(className({ doc: '' }), ' a.B ')).toBe('a.B');
  });

  test('a key without default is required; an absent key takes its default', () => {
    expect(problem(string({ doc: '' }))).toBe('Missing required configuration "key" which has no default value.');
    expect(parsed(string({ doc: '', default: 'x' }))).toBe('x');
    expect(parsed(string({ doc: '', default: null }))).toBe(null);
  });

  test('a choice narrows; without regard to case it takes the spelling of the list', () => {
    expect(problem(string({ doc: '', oneOf: ['move', 'copy'] }), 'Move')).toBe(
      'Invalid value Move for configuration key: String must be one of: move, copy',
    );
    expect(parsed(string({ doc: '', oneOf: ['NUMERIC', 'BASE64'], ignoreCase: true }), 'numeric')).toBe('NUMERIC');
    expect(problem(string({ doc: '', oneOf: ['NUMERIC', 'BASE64'], ignoreCase: true }), 'weird')).toBe(
      'Invalid value weird for configuration key: String must be one of (case insensitive): NUMERIC, BASE64',
    );
  });
});

const declared = config(
  {
    file: string({ doc: 'A file.', importance: 'high', checks: [notEmpty] }),
    'tasks.max': int({
      doc: 'Tasks.',
      default: 1,
      checks: [atLeast(1)],
      group: 'Common',
      order: 3,
      width: 'short',
      displayName: 'Tasks max',
    }),
    fields: list({ doc: 'Fields.', default: null, checks: [distinctValues({ allowEmpty: false })] }),
    secret: password({ doc: 'A secret.', default: null }),
  },
  { check: ({ file, fields }) => (fields?.includes(file) ? [{ key: 'fields', message: 'fields must not name the file' }] : []) },
);

test('all problems are reported, one for each key', () => {
  expect(declared.parse({ 'tasks.max': 'zero', fields: 'a,a' }).problems).toEqual([
    { key: 'file', message: 'Missing required configuration "file" which has no default value.' },
    { key: 'tasks.max', message: 'Invalid value zero for configuration tasks.max: Not a number of type INT' },
    { key: 'fields', message: "Configuration 'fields' values must not be duplicated." },
  ]);
});

test('a check over several keys runs when each key is fine', () => {
  expect(declared.parse({ file: 'a', fields: 'a' }).problems).toEqual([{ key: 'fields', message: 'fields must not name the file' }]);
  expect(declared.parse({ file: 'a', fields: 'b', unknown: '1' }).value).toEqual({
    file: 'a',
    'tasks.max': 1,
    fields: ['b'],
    secret: null,
  });
});

test('validate says for each key what Connect says: a parse error and that of the check on null', () => {
  const texts = (raw: RawConfig) => declared.validate(raw).map(({ value, errors }) => [value, ...errors]);
  expect(texts({ file: '', 'tasks.max': 'zero', fields: 'a, b', secret: 'x' })).toEqual([
    ['', 'Invalid value  for configuration file: String must be non-empty'],
    [
      null,
      'Invalid value zero for configuration tasks.max: Not a number of type INT',
      'Invalid value null for configuration tasks.max: Value must be non-null',
    ],
    ['a,b'],
    ['[hidden]'],
  ]);
});

test('keys carry the metadata of ConfigDef', () => {
  expect(declared.keys.slice(0, 2)).toEqual([
    { name: 'file', type: 'STRING', defaultValue: undefined, importance: 'high', doc: 'A file.' },
    {
      name: 'tasks.max',
      type: 'INT',
      defaultValue: 1,
      importance: 'medium',
      doc: 'Tasks.',
      group: 'Common',
      order: 3,
      width: 'short',
      displayName: 'Tasks max',
    },
  ]);
});

test('a whole double is printed as Java prints it, in messages and in REST', () => {
  const factor = double({ doc: '', default: 1, checks: [between(0.5, 1.5)] });
  expect(problem(factor, '2')).toBe('Invalid value 2.0 for configuration key: Value must be no more than 1.5');
  expect(problem(factor, '0.1')).toBe('Invalid value 0.1 for configuration key: Value must be at least 0.5');
  expect(config({ factor }).validate({ factor: '1e0' })[0]?.value).toBe('1.0');
});

test.each([
  [string({ doc: '', checks: [withoutControlCharacters] }), '', 'Invalid value  for configuration key: String may not be empty'],
  [
    string({ doc: '', checks: [withoutControlCharacters] }),
    'a\u0001b\nc',
    'Invalid value a\u0001b\nc for configuration key: String may not contain control sequences but had the following ASCII chars: 1, 10',
  ],
  [string({ doc: '', checks: [withoutControlCharacters], default: null }), undefined, undefined],
  [list({ doc: '', checks: [atMostElements(1)] }), 'a,b', 'Invalid value [a, b] for configuration key: exceeds maximum list size of [1].'],
  [list({ doc: '', checks: [atMostElements(1)] }), 'a', undefined],
  [list({ doc: '', checks: [someOf(['a', 'b'])] }), 'a,c', 'Invalid value c for configuration key: String must be one of: a, b'],
  [list({ doc: '', checks: [someOf(['a', 'b'])] }), 'a,a', "Configuration 'key' values must not be duplicated."],
  [list({ doc: '', checks: [someOf(['a', 'b'])] }), 'a,', "Configuration 'key' values must not be empty."],
  [list({ doc: '', checks: [someOf(['a', 'b'])], default: null }), undefined, "Configuration 'key' values must not be null."],
  [list({ doc: '', checks: [someOf(['a', 'b'])] }), '', undefined],
  [
    list({ doc: '', checks: [someOf(['a', 'b'], { allowEmpty: false })] }),
    '',
    "Configuration 'key' must not be empty. Valid values include: [a, b]",
  ],
  [
    string({ doc: '', oneOf: ['Requested', 'required'], ignoreCase: true }),
    'c',
    'Invalid value c for configuration key: String must be one of (case insensitive): REQUIRED, REQUESTED',
  ],
])('checks say what those of ConfigDef say (%#)', (field, raw, message) => {
  expect(problem(field, raw)).toBe(message);
});

test('dependents that are not declared are told, as by ConfigDef', () => {
  const definition = config({ a: string({ doc: '', default: 'x', dependents: ['b', 'ghost'] }), b: string({ doc: '', default: 'y' }) });
  expect(definition.validate({})[2]).toEqual({
    name: 'ghost',
    value: null,
    errors: ['ghost is referred in the dependents, but not defined.'],
    recommendedValues: [],
    visible: false,
  });
  expect(definition.parse({}).problems).toEqual([
    { key: 'ghost', message: 'Some configurations in are referred in the dependents, but not defined: ghost' },
  ]);
});

test('what a recommender throws is an error of its key', () => {
  const failing = config({
    a: string({
      doc: '',
      default: 'x',
      recommend: () => {
        throw new Error('no list today');
      },
    }),
  });
  expect(failing.validate({})).toEqual([{ name: 'a', value: 'x', errors: ['no list today'], recommendedValues: [], visible: true }]);
});

test('a recommender sees the values of the other keys', () => {
  const recommending = config({
    a: string({ doc: '', default: 'x' }),
    b: string({ doc: '', default: 'y', recommend: (name, { a }) => ({ values: [`${name} for ${a}`], visible: a === 'x' }) }),
  });
  expect(recommending.validate({ a: 'z' })[1]).toEqual({
    name: 'b',
    value: 'y',
    errors: [],
    recommendedValues: ['b for z'],
    visible: false,
  });
});
