import { maxDepth } from './depth.ts';

/** Where a text is no JSON, or more of it than is read. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';

  constructor(problem: string, position: number) {
    super(`${problem} at position ${position}`);
  }
}

/** What becomes of number tokens. */
export interface NumberReading<T> {
  integer(text: string): T;
  /** With a point or an exponent. */
  real(text: string): T;
}

export type Parsed<T> = null | boolean | string | T | Parsed<T>[] | { [member: string]: Parsed<T> };

const maxNumberLength = 1000;
// Leading zeros are fine with Connect: 007 is 7.
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them unescaped.
const control = /[\0-\x1f]/;
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Reads the first value of a text as Jackson does: what follows it is ignored, `undefined` for a text without one.
 *
 * For documents that `JSON.parse` would take or lose digits of: numbers go to `reading` as they were written. At most 1,000 levels.
 */
export function parseJson<T>(text: string, reading: NumberReading<T>): Parsed<T> | undefined {
  const parser = new Parser(text, reading);
  return parser.atEnd() ? undefined : parser.root();
}

class Parser<T> {
  readonly #text: string;
  readonly #reading: NumberReading<T>;
  #at = 0;
  #depth = 0;

  constructor(text: string, reading: NumberReading<T>) {
    this.#text = text;
    this.#reading = reading;
  }

  atEnd(): boolean {
    this.#skipBlanks();
    return this.#at >= this.#text.length;
  }

  root(): Parsed<T> {
    const first = this.#text.charCodeAt(this.#at);
    const value = this.#value();
    const next = this.#text.charCodeAt(this.#at);
    // A number at the root must end visibly: 1_000 is not 1.
    if ((first === 0x2d || isDigit(first)) && !Number.isNaN(next) && !isBlank(next)) throw this.#error('Unexpected character');
    return value;
  }

  #value(): Parsed<T> {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#literal('true', true);
      case 'f':
        return this.#literal('false', false);
      case 'n':
        return this.#literal('null', null);
      default:
        return this.#number();
    }
  }

  #object(): Parsed<T> {
    const object: { [member: string]: Parsed<T> } = {};
    this.#enter();
    if (this.#skipTo('}')) return object;
    do {
      this.#skipBlanks();
      if (this.#text[this.#at] !== '"') throw this.#error('Expected a member name');
      const name = this.#string();
      if (!this.#skip(':')) throw this.#error('Expected a colon');
      const value = this.#value();
      if (name === '__proto__') Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      else object[name] = value;
    } while (this.#skip(','));
    if (!this.#skipTo('}')) throw this.#error('Expected a comma or the end of the object');
    return object;
  }

  #array(): Parsed<T> {
    const array: Parsed<T>[] = [];
    this.#enter();
    if (this.#skipTo(']')) return array;
    do array.push(this.#value());
    while (this.#skip(','));
    if (!this.#skipTo(']')) throw this.#error('Expected a comma or the end of the array');
    return array;
  }

  #string(): string {
    const start = this.#at + 1;
    let end = this.#text.indexOf('"', start);
    if (end < 0) throw this.#error('Unterminated string');
    const plain = this.#text.slice(start, end);
    const escaped = plain.includes('\\');
    if (escaped) end = this.#endOfString(start);
    const raw = escaped ? this.#text.slice(start, end) : plain;
    if (control.test(raw)) throw this.#error('Unescaped control character in a string');
    this.#at = end + 1;
    return escaped ? this.#unescape(raw, start) : raw;
  }

  #endOfString(start: number): number {
    for (let i = start; i < this.#text.length; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === 0x22) return i;
      if (code === 0x5c) i++;
    }
    throw this.#error('Unterminated string');
  }

  #unescape(raw: string, start: number): string {
    return raw.replace(/\\(?:u([\da-fA-F]{4})|(.?))/gs, (_all, hex: string | undefined, plain: string | undefined, at: number) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const meant = Object.hasOwn(escapes, plain ?? '') ? escapes[plain ?? ''] : undefined;
      if (meant === undefined) throw new JsonSyntaxError('Unknown escape', start + at);
      return meant;
    });
  }

  #number(): T {
    number.lastIndex = this.#at;
    const token = number.exec(this.#text)?.[0];
    if (token === undefined || token.length > maxNumberLength)
      throw this.#error(token === undefined ? 'Expected a value' : 'Number too long');
    this.#at += token.length;
    const next = this.#text.charCodeAt(this.#at);
    // 1., 1.e5 and 1e: a token that goes on is no number.
    if (next === 0x2e || next === 0x65 || next === 0x45) throw this.#error('Malformed number');
    return /[.eE]/.test(token) ? this.#reading.real(token) : this.#reading.integer(token);
  }

  #literal<L>(word: string, value: L): L {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error('Expected a value');
    this.#at += word.length;
    if (/[\w$]/.test(this.#text[this.#at] ?? '')) throw this.#error('Expected a value');
    return value;
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > maxDepth) throw this.#error(`Nested deeper than ${maxDepth} levels`);
  }

  #skipTo(end: string): boolean {
    if (!this.#skip(end)) return false;
    this.#depth--;
    return true;
  }

  #skip(character: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #error(problem: string): JsonSyntaxError {
    return new JsonSyntaxError(problem, this.#at);
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
