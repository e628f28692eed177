/**
 * The keys and values of a Java properties file, exactly as `java.util.Properties` reads them; of a key that is there twice the last value.
 *
 * Takes characters: `Properties.load` of bytes decodes them as ISO 8859-1. Throws on a broken `\u` escape.
 */
export function parseProperties(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(logicalLines(text), entryOf));
}

const isBlank = (c: string | undefined): boolean => c === ' ' || c === '\t' || c === '\f';
const isEnd = (c: string | undefined): boolean => c === '\n' || c === '\r';

/** Lines without comments and empty ones, joined where a backslash continues them. */
function* logicalLines(text: string): Generator<string> {
  let line = '';
  let escaped = false;
  let lineBegins = true;
  let continues = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at] ?? '';
    if (lineBegins) {
      if (isBlank(c) || (!continues && isEnd(c))) continue;
      lineBegins = false;
      continues = false;
    }
    if (line === '' && (c === '#' || c === '!')) {
      while (at + 1 < text.length && !isEnd(text[at + 1])) at++;
      at++;
      lineBegins = true;
    } else if (!isEnd(c)) {
      line += c;
      escaped = c === '\\' && !escaped;
    } else if (line === '') {
      lineBegins = true;
    } else if (escaped && at + 1 < text.length) {
      line = line.slice(0, -1);
      lineBegins = true;
      continues = true;
      escaped = false;
      if (c === '\r' && text[at + 1] === '\n') at++;
    } else {
      // A backslash before the end of the file continues nothing; alone on its line it makes an empty entry.
      yield escaped ? line.slice(0, -1) : line;
      line = '';
      escaped = false;
      lineBegins = true;
    }
  }
  if (line !== '') yield escaped ? line.slice(0, -1) : line;
}

/** A key ends at the first `=`, `:` or blank that no backslash precedes; one separator may stand among the blanks after it. */
function entryOf(line: string): [string, string] {
  let end = 0;
  while (end < line.length && !isBlank(line[end]) && line[end] !== '=' && line[end] !== ':') end += line[end] === '\\' ? 2 : 1;
  end = Math.min(end, line.length);
  let start = end;
  while (isBlank(line[start])) start++;
  if (line[start] === '=' || line[start] === ':') start++;
  while (isBlank(line[start])) start++;
  return [unescaped(line.slice(0, end)), unescaped(line.slice(start))];
}

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(u([\s\S]{0,4})|[\s\S]|$)/g, (_match, char: string, hex?: string) => {
    if (hex === undefined) return escapes[char] ?? char;
    if (!/^[0-9a-f]{4}$/i.test(hex)) throw new SyntaxError('Malformed \\uxxxx encoding.');
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}
