import { withoutQuoting } from './quoting.ts';
import { PatternSyntaxError } from './syntax-error.ts';

/** Inline flags in force: ignore case, multi-line, dot matches all, comments, Unix lines. */
export interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  x: boolean;
  d: boolean;
}

/** A place in a Java pattern, and what was learnt of its groups so far. */
export class Cursor {
  readonly #given: string;
  /** The pattern with its quoted stretches escaped one by one: Java counts places in this form. */
  readonly pattern: string;
  at = 0;
  /** Nothing so far that a linear-time engine lacks or reads otherwise. */
  linear = true;
  /** All of the pattern ignores case. */
  ignoresCase = false;
  groupCount = 0;
  readonly names = new Map<string, number>();
  /** Groups that have not ended, or are in a look-behind that looks at nothing: a reference to one never matches. */
  readonly uncaptured = new Set<number>();
  #atomicCount = 0;

  constructor(pattern: string) {
    this.#given = pattern;
    this.pattern = withoutQuoting(pattern);
  }

  atEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** The next character, blanks and comments skipped where the flag x says so; empty at the end. */
  peek(flags?: Flags): string {
    if (flags?.x) this.#skipComments();
    return this.pattern.charAt(this.at);
  }

  take(): string {
    return this.pattern.charAt(this.at++);
  }

  /** One character (or surrogate pair) that stands for itself. */
  literal(): string {
    const char = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    this.at += char.length;
    return quote(char);
  }

  /** Opens the next capturing group; answers its name in the JavaScript pattern. */
  openGroup(name?: string): string {
    this.groupCount += 1;
    this.uncaptured.add(this.groupCount);
    if (name !== undefined) this.names.set(name, this.groupCount);
    return groupKey(this.groupCount);
  }

  nextAtomic(): string {
    this.#atomicCount += 1;
    return `a${this.#atomicCount}`;
  }

  /** Reads `name>`. */
  groupName(): string {
    if (!/[a-zA-Z]/.test(this.pattern.charAt(this.at)))
      throw this.error('capturing group name does not start with a Latin letter', this.at);
    const name = /^[a-zA-Z0-9]+/.exec(this.pattern.slice(this.at))?.[0] ?? '';
    this.at += name.length;
    if (this.pattern.charAt(this.at) !== '>') throw this.error("named capturing group is missing trailing '>'", this.at);
    this.at += 1;
    return name;
  }

  /** `index` counts characters of `pattern`; Java's messages count code points. */
  error(description: string, index: number): PatternSyntaxError {
    const pairs = this.pattern.slice(0, index).match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
    return new PatternSyntaxError(description, this.#given, index - pairs);
  }

  #skipComments(): void {
    for (;;) {
      const char = this.pattern.charAt(this.at);
      if (char !== '' && ' \t\n\x0b\f\r'.includes(char)) this.at += 1;
      else if (char === '#') {
        const end = /[\n\r\u0085\u2028\u2029]/.exec(this.pattern.slice(this.at));
        this.at = end === null ? this.pattern.length : this.at + end.index;
      } else return;
    }
  }
}

/** Name of a Java group in the JavaScript pattern: all are named there, so that wrapping one moves no number. */
export const groupKey = (number: number): string => `g${number}`;

export const cursorOf = (pattern: string): Cursor => new Cursor(pattern);

/** A character as a literal of a JavaScript pattern with the flag v, inside and outside of classes. */
export const quote = (char: string): string =>
  /^[A-Za-z0-9 ]$/.test(char) || (char.codePointAt(0) ?? 0) > 0x7f ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
