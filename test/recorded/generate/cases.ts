import { conversionCase, conversionFamilies } from './conversions.ts';
import { Dice } from './dice.ts';
import { transformCase, transformFamilies } from './transforms.ts';
import { badConfigCase, regexCase, validationCase } from './validations.ts';

type Make = (dice: Dice, id: string) => string;

const families: ReadonlyMap<string, Make> = new Map([
  ...transformFamilies.map((family): [string, Make] => [family, (dice, id) => transformCase(dice, family, id)]),
  ...conversionFamilies.map((family): [string, Make] => [family, (dice, id) => conversionCase(dice, family, id)]),
  ['BadConfig', badConfigCase],
  ['plugin', validationCase],
  ['regex', regexCase],
]);

/** Cases without answers, one a line: `count` of each family, or of those whose name contains `only`. */
export function casesOf(seed: number, count: number, only: string): readonly string[] {
  return [...families].flatMap(([family, make], i) => {
    if (!family.includes(only)) return [];
    const dice = new Dice(seed * 1_000_003 + i);
    return dice.times(count, (n) => ascii(make(dice, `${seed}.${String(n).padStart(4, '0')}`)));
  });
}

const ascii = (line: string): string => line.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
