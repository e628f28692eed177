import type { Dice } from './dice.ts';

const atoms = [
  'o',
  'r',
  'd',
  'x',
  '.',
  '\\d',
  '\\w',
  '\\W',
  '[a-z]',
  '[^.]',
  '\\.',
  '-',
  '_',
  '[or]',
  '[a-f&&[^c]]',
  '\\p{Lower}',
  '\\p{L}',
  '\\p{IsLatin}',
  '\\P{Alpha}',
  '(?i:O)',
  '\\Qo.\\E',
  '\\x6f',
  '\\u006f',
  '[\\w.-]',
  '[[a-c][x-z]]',
  '\\b',
  '^',
  '$',
  '\\h',
  '\\R',
  '[^\\d]',
  '[\\p{Lu}ü]',
  '\\S',
  '\\z',
  '\\G',
];
const quantifiers = ['', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{2,}', '*+', '++', '?+', '{0,2}?'];
const wraps: readonly ((inner: string) => string)[] = [
  (inner) => `(${inner})`,
  (inner) => `(?:${inner})`,
  (inner) => `(?<g>${inner})`,
  (inner) => `(?=${inner})`,
  (inner) => `(?!${inner})`,
  (inner) => `(?>${inner})`,
  (inner) => `(?i)${inner}`,
  (inner) => `(${inner})\\1`,
  (inner) => `(?<=${inner})`,
];
const whole = [
  '.*',
  '(.*)',
  '(or)(.*)',
  'orders',
  '([a-z]+)\\.([a-z-]+)\\.(.*)',
  '(?<env>[^.]+)\\.(?<rest>.*)',
  '.*?',
  '',
  '(a)|(o.*)',
  'logs_(\\d{4})',
  '[^-]*',
  '(.*)_(\\d+)',
  '(?s).*',
  '(?x) o r .* # c',
];
const broken = [
  '(',
  ')',
  '[',
  '[z-a]',
  '*',
  'a{2,1}',
  'a{',
  'a{x}',
  '\\',
  '\\k<n>',
  '(?<1a>x)',
  '\\p{Foo}',
  '\\p',
  '(?z)',
  'a**',
  '[a',
  '\\u12',
  '\\x',
  '(?<a>x)(?<a>y)',
  '(?',
  '(?<',
  '\\c',
  '\\y',
  '[[]',
  '[]',
  '[^]',
  '\\p{IsFoo}',
  '\\p{InFoo}',
  'x{99999999999}',
  '(?<=a+)b',
  '\\0',
  '\\08',
  '[a-\\d]',
  '(?<n',
  '\\p{',
  '\\N',
  '\\8',
  'a{,3}',
  '+a',
  '?',
  '\\Q',
  '\\E',
  '(?#c)a',
  '[&&a]',
  '[a&&]',
  '\\x{110000}',
  '(?<a b>x)',
  'a{1',
  '\\ud800',
];

/** A regular expression of Java; now and then one that it refuses. */
export function regexText(dice: Dice, mutated = false): string {
  if (mutated && dice.chance(0.4)) return mutation(dice, regexText(dice));
  if (dice.chance(0.3)) return dice.pick(whole);
  if (dice.chance(0.12)) return dice.pick(broken);
  const piece = (depth: number): string =>
    dice
      .times(dice.whole(1, 3), () => {
        const inner = depth > 0 && dice.chance(0.4) ? dice.pick(wraps)(piece(depth - 1)) : dice.pick(atoms);
        return inner + dice.pick(quantifiers);
      })
      .join(dice.chance(0.1) ? '|' : '');
  const text = piece(2);
  return dice.chance(0.4) ? `${text}.*` : dice.chance(0.3) ? `(.*)${text}(.*)` : text;
}

export const replacementText = (dice: Dice): string =>
  dice.pick([
    'x',
    'x-$1',
    '$0',
    '$2$1',
    '${g}',
    '${env}-x',
    '\\$1',
    '$',
    '\\',
    '$11',
    '${1}',
    '$9',
    '',
    'a\\b',
    '${',
    '${g',
    '$x',
    'ü$1',
    '$1$1',
    '\\\\',
    '$01',
    '${rest}.${env}',
    '$00',
    '${ }',
    '${g }',
  ]);

export const topicText = (dice: Dice): string =>
  dice.pick([
    'orders',
    'oo',
    'order-order',
    'prod.us-east.billing',
    'logs_2023',
    'o.r.d',
    'ORDERS',
    'x',
    'a-b_c.d',
    'db1.public.users',
    'ooo.xx',
    'ordord',
    'ürders',
    'o\nr',
    'rdx',
    '😀o',
    'or',
    'c',
    'abcabc',
  ]);

const scraps = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '*',
  '+',
  '?',
  '\\',
  '|',
  '^',
  '$',
  '-',
  '&&',
  '<',
  '>',
  ':',
  '=',
  '!',
  ',',
  '1',
  '9',
  'a',
  'Q',
  'E',
  'p',
  'u',
  'x',
  'c',
  'k',
  '0',
  ' ',
  '#',
  '.',
  'N',
  'R',
  'X',
  'G',
  'Z',
  'b{g}',
  '\n',
];

/** A character taken out, doubled or put in. */
function mutation(dice: Dice, text: string): string {
  const at = dice.whole(0, text.length);
  const kind = dice.whole(0, 2);
  const mutated =
    kind === 0
      ? text.slice(0, at) + text.slice(at + 1)
      : text.slice(0, at) + (kind === 1 ? dice.pick(scraps) : text.slice(at - 1, at)) + text.slice(at);
  return dice.chance(0.4) ? mutation(dice, mutated) : mutated;
}
