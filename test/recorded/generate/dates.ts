import type { Dice } from './dice.ts';

const letters = [
  'G',
  'y',
  'Y',
  'M',
  'L',
  'w',
  'W',
  'D',
  'd',
  'F',
  'E',
  'u',
  'a',
  'H',
  'k',
  'K',
  'h',
  'm',
  's',
  'S',
  'z',
  'Z',
  'X',
] as const;
const separators = ['-', '/', ' ', ':', '.', ',', "'T'", "''", "'of '", '', '', 'é'] as const;
const usual = [
  'yyyy-MM-dd',
  'yyyy-MM-dd HH:mm:ss',
  "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  "yyyy-MM-dd'T'HH:mm:ss'Z'",
  'yyyyMMdd',
  'yyyyMMddHHmmss',
  'dd/MM/yy',
  'MMM d, yyyy',
  'EEE, d MMM yyyy HH:mm:ss Z',
  'EEEE, MMMM d, yyyy',
  'hh:mm a',
  'K:mm a, z',
  'D yyyy',
  "YYYY-'W'ww-u",
  'HH:mm',
  'SSSSSS',
  'yyyy.MM.dd G',
  'h:mm:ss.S aa zzzz',
  'kk',
  'W F',
  'XX',
  'X',
  'L LLL',
  'ZZZZ',
] as const;

/** A pattern of SimpleDateFormat; now and then one that it refuses. */
export function datePattern(dice: Dice): string {
  if (dice.chance(0.35)) return dice.pick(usual);
  if (dice.chance(0.03)) return dice.pick(['XXXX', 'T', 'e', "'", 'yyyy-n', 'VV', 'b', 'yyyy]', "yy'", '', ' ', 'Q', 'i', '%']);
  const parts = dice.times(dice.whole(1, 4), () => {
    const letter = dice.pick(letters);
    return letter.repeat(letter === 'X' ? dice.whole(1, 3) : dice.pick([1, 2, 2, 3, 4, 5]));
  });
  return parts.reduce((pattern, part) => pattern + dice.pick(separators) + part);
}

const zones = [
  'UTC',
  'GMT',
  'PST',
  'PDT',
  'EST',
  'CET',
  'CEST',
  'JST',
  'Pacific Standard Time',
  'Central European Summer Time',
  'GMT+2',
  'GMT-03:30',
  '+0100',
  '-0530',
  '+01:00',
  'Z',
  '+1',
  'z',
  'Coordinated Universal Time',
  'BST',
  'IST',
  'MSK',
  'utc',
  'GMT+25:00',
  '+2500',
];
const months = ['Jan', 'February', 'MARCH', 'apr', 'May', 'Sept', 'Sep', 'December', 'Juin'];
const days = ['Mon', 'Tuesday', 'SUN', 'sat', 'Wed.', 'Thursday', 'Lundi'];

/** A text that a pattern may read, or nearly. */
export function dateText(dice: Dice, pattern: string): string {
  let text = '';
  for (const match of pattern.matchAll(/'((?:[^']|'')*)'|([a-zA-Z])\2*|([^a-zA-Z'])/g)) {
    const [run, quoted, letter, other] = match;
    if (quoted !== undefined) text += quoted === '' ? "'" : quoted;
    else if (other !== undefined) text += other;
    else text += token(dice, letter ?? '', run.length);
  }
  if (dice.chance(0.1)) text += dice.pick(['junk', ' ', '0', '.']);
  if (dice.chance(0.06)) text = ` ${text}`;
  if (dice.chance(0.04)) text = text.slice(0, -1);
  return text;
}

function token(dice: Dice, letter: string, length: number): string {
  const numbered = (low: number, high: number): string => {
    const value = dice.chance(0.08) ? dice.whole(-3, 130) : dice.whole(low, high);
    return dice.chance(0.8) ? String(value).padStart(length, '0') : String(value);
  };
  switch (letter) {
    case 'G':
      return dice.pick(['AD', 'BC', 'ad', 'CE', 'A']);
    // Of two digits the century would depend on the day of the run.
    case 'y':
      return length === 2
        ? dice.pick(['2024', '1999', '024', '5', '12345'])
        : dice.pick([numbered(1, 9999), '2024', '1500', '1582', '24', '0', '-5', '12024']);
    case 'Y':
      return dice.pick(['2024', '2013', '1999', '2020', '5']);
    case 'M':
    case 'L':
      return length > 2 ? dice.pick([...months, '5']) : dice.chance(0.05) ? 'May' : numbered(1, 12);
    case 'w':
      return numbered(1, 53);
    case 'W':
      return numbered(1, 5);
    case 'D':
      return numbered(1, 366);
    case 'd':
      return numbered(1, 31);
    case 'F':
      return numbered(1, 5);
    case 'E':
      return dice.pick([...days, '1']);
    case 'u':
      return numbered(1, 7);
    case 'a':
      return dice.pick(['AM', 'PM', 'am', 'pm', 'a.m.']);
    case 'H':
    case 'k':
      return numbered(0, 24);
    case 'K':
    case 'h':
      return numbered(0, 12);
    case 'm':
    case 's':
      return numbered(0, 59);
    case 'S':
      return dice.pick(['5', '50', '500', '123456', '000', '0']);
    default:
      return dice.pick(zones);
  }
}
