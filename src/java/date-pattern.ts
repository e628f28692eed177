/** One piece of a date pattern: text that stands for itself, or a field with the number of its letters. */
export type PatternPart = { readonly literal: string } | { readonly letter: PatternLetter; readonly count: number };

const letters = 'GyMdkHmsSEDFwWahKzZYuXL';
export type PatternLetter =
  | 'G'
  | 'y'
  | 'M'
  | 'd'
  | 'k'
  | 'H'
  | 'm'
  | 's'
  | 'S'
  | 'E'
  | 'D'
  | 'F'
  | 'w'
  | 'W'
  | 'a'
  | 'h'
  | 'K'
  | 'z'
  | 'Z'
  | 'Y'
  | 'u'
  | 'X'
  | 'L';

/** Thrown with Java's class name and message, so that it reads as the reference implementation's. */
class IllegalPattern extends Error {
  override readonly name = 'java.lang.IllegalArgumentException';
}

const isLetter = (char: string): boolean => (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z');
const isPatternLetter = (char: string): char is PatternLetter => letters.includes(char);

/** Reads a `SimpleDateFormat` pattern; throws `IllegalPattern`. */
export function parseDatePattern(pattern: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push({ literal });
    literal = '';
  };
  let i = 0;
  while (i < pattern.length) {
    const char = pattern.charAt(i);
    if (char === "'") {
      const quoted = readQuoted(pattern, i);
      literal += quoted.text;
      i = quoted.end;
    } else if (!isLetter(char)) {
      literal += char;
      i++;
    } else {
      flush();
      const { part, end } = readField(pattern, i, char);
      parts.push(part);
      i = end;
    }
  }
  flush();
  return parts;
}

function readField(pattern: string, start: number, char: string): { part: PatternPart; end: number } {
  if (!isPatternLetter(char)) throw new IllegalPattern(`Illegal pattern character '${char}'`);
  let end = start;
  while (pattern.charAt(end) === char) end++;
  const count = end - start;
  if (char === 'X' && count > 3) throw new IllegalPattern(`invalid ISO 8601 format: length=${count}`);
  return { part: { letter: char, count }, end };
}

/** `''` is a quote, outside and inside of quoted text. */
function readQuoted(pattern: string, start: number): { text: string; end: number } {
  if (pattern.charAt(start + 1) === "'") return { text: "'", end: start + 2 };
  let text = '';
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern.charAt(i) !== "'") text += pattern.charAt(i);
    else if (pattern.charAt(i + 1) === "'") {
      text += "'";
      i++;
    } else return { text, end: i + 1 };
  }
  throw new IllegalPattern('Unterminated quote');
}
