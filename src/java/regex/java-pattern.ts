import { createContext, Script } from 'node:vm';
import { RE2JS } from 're2js';
import { groupKey } from './cursor.ts';
import { expandReplacement } from './replacement.ts';
import { PatternSyntaxError } from './syntax-error.ts';
import { type Translation, translate } from './translate.ts';

/** Limit in milliseconds for one match by the backtracking engine. */
const defaultTimeLimitMs = 500;

/** A match took longer than its limit: the pattern backtracks catastrophically on this text. */
export class MatchTimeout extends Error {
  override readonly name = 'MatchTimeout';

  constructor(pattern: string, limitMs: number, cause: unknown) {
    super(
      `Matching the regular expression ${pattern} took longer than ${limitMs} ms. Simplify it: avoid nested repetitions such as (a+)+.`,
      {
        cause,
      },
    );
  }
}

interface Match {
  readonly start: number;
  readonly end: number;
  group(number: number): string | undefined;
}

/**
 * `java.util.regex.Pattern`, bounded in time.
 *
 * Patterns that a linear-time engine reads as Java does run on one (RE2); the others (look-around, back references, set operations),
 * and texts with line ends or characters beyond ASCII, run on the backtracking engine of JavaScript under a time limit.
 */
export class JavaPattern {
  readonly pattern: string;
  readonly #translation: Translation;
  readonly #linear: RE2JS | undefined;
  readonly #timeLimitMs: number;
  #find: RegExp | undefined;
  #whole: RegExp | undefined;

  /** Throws `PatternSyntaxError` with Java's message. */
  constructor(pattern: string, options: { readonly timeLimitMs?: number } = {}) {
    this.pattern = pattern;
    this.#translation = translate(pattern);
    this.#linear = this.#translation.linear ? compileLinear(pattern) : undefined;
    this.#timeLimitMs = options.timeLimitMs ?? defaultTimeLimitMs;
  }

  /** The pattern fits the whole text. */
  matches(text: string): boolean {
    if (this.#linear !== undefined && isPlain(text)) return this.#linear.matches(text);
    this.#whole ??= this.#compiled(`^(?:${this.#translation.source})$`);
    return this.#exec(this.#whole, text) !== null;
  }

  /** The text with the first place that fits replaced; `$1`, `${name}` and `\x` as in Java, whose exceptions it throws. */
  replaceFirst(text: string, replacement: string): string {
    const match = this.#first(text);
    if (match === undefined) return text;
    const { groupCount, names } = this.#translation;
    const inserted = expandReplacement(replacement, { count: groupCount, names, at: (number) => match.group(number) });
    return text.slice(0, match.start) + inserted + text.slice(match.end);
  }

  #first(text: string): Match | undefined {
    if (this.#linear !== undefined && isPlain(text)) {
      const matcher = this.#linear.matcher(text);
      if (!matcher.find()) return undefined;
      return { start: matcher.start(), end: matcher.end(), group: (number) => matcher.group(number) ?? undefined };
    }
    this.#find ??= this.#compiled(this.#translation.source);
    const found = this.#exec(this.#find, text);
    if (found === null) return undefined;
    const start = found.index;
    return { start, end: start + found[0].length, group: (n) => (n === 0 ? found[0] : found.groups?.[groupKey(n)]) };
  }

  #compiled(source: string): RegExp {
    try {
      return new RegExp(source, this.#translation.flags);
    } catch (error) {
      if (!String(error).includes('Invalid group')) throw error;
      throw new PatternSyntaxError('Ignoring case in a part of an expression needs Node.js 24', this.pattern, -1);
    }
  }

  #exec(pattern: RegExp, text: string): RegExpExecArray | null {
    try {
      return execWithin(pattern, text, this.#timeLimitMs);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new MatchTimeout(this.pattern, this.#timeLimitMs, error);
    }
  }
}

const script = new Script('pattern.exec(text)');
const sandbox: { pattern: RegExp | undefined; text: string } = { pattern: undefined, text: '' };
let context: typeof sandbox | undefined;

function execWithin(pattern: RegExp, text: string, timeLimitMs: number): RegExpExecArray | null {
  context ??= createContext(sandbox) as typeof sandbox;
  context.pattern = pattern;
  context.text = text;
  const found: RegExpExecArray | null = script.runInContext(context, { timeout: timeLimitMs });
  return found;
}

// The error comes from another realm: it is no instance of this one's Error.
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** ASCII without control characters: where the engines agree on `.`, `$`, `\b` and `\s`. */
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

function compileLinear(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    // Java's syntax is richer: the translated pattern serves then.
    return undefined;
  }
}
