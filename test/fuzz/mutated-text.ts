import type { Dice } from '../recorded/generate/dice.ts';

const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  'null',
  'true',
  '0',
  '-',
  '1e999',
  '9223372036854775808',
  '.',
  '\u0000',
  '\ud800',
  '😀',
  ' ',
  '\n',
  '=',
  '#',
  '${env:HOME}',
  '${',
  '__proto__',
  '"constructor":',
  '(',
  ')*',
  '+',
  '\\u12',
  '(?<=',
  '{2}',
  "'",
  'SSS',
] as const;

/** A document changed in one to three places: cut, joined with another, a token put in or repeated. */
export function mutated(dice: Dice, corpus: readonly string[]): string {
  let text = dice.pick(corpus);
  for (let left = dice.whole(1, 3); left > 0; left--) text = change(dice, text, corpus);
  return text;
}

function change(dice: Dice, text: string, corpus: readonly string[]): string {
  const [from, to] = [dice.whole(0, text.length), dice.whole(0, text.length)].sort((a, b) => a - b) as [number, number];
  switch (dice.whole(0, 5)) {
    case 0:
      return text.slice(0, from) + text.slice(to);
    case 1: {
      const other = dice.pick(corpus);
      return text.slice(0, from) + other.slice(dice.whole(0, other.length));
    }
    case 2:
      return text.slice(0, from) + dice.pick(tokens) + text.slice(from);
    case 3:
      return (
        text.slice(0, from) +
        text
          .slice(from, to)
          .repeat(dice.pick([2, 3, 20]))
          .slice(0, 5_000) +
        text.slice(to)
      );
    case 4:
      return text.slice(0, from) + String.fromCharCode(dice.whole(0, dice.chance(0.8) ? 127 : 65_535)) + text.slice(from + 1);
    default:
      return text.slice(0, from) + dice.pick(corpus) + text.slice(to);
  }
}
