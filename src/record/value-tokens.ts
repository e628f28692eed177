/** Tokens of a value text: a delimiter that no backslash stands before, or the text up to the next one. */
export class ValueTokens {
  readonly text: string;
  /** Where the next token starts. */
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  hasNext(): boolean {
    return this.at < this.text.length;
  }

  next(): string {
    const token = this.#tokenAt(this.at);
    this.at += token.length;
    return token;
  }

  /** The next token that is not blank, or the last one. */
  nextFilled(): string {
    let token = this.next();
    while (isBlank(token) && this.hasNext()) token = this.next();
    return token;
  }

  /** Moves past the next token when it is `expected`, blanks around it ignored. */
  consume(expected: string): boolean {
    if (!this.hasNext()) return false;
    const start = this.at;
    if (trimmed(this.nextFilled()) === expected) return true;
    this.at = start;
    return false;
  }

  /** The next `count` tokens in a row; `undefined`: there are fewer. */
  take(count: number): string | undefined {
    let taken = '';
    for (let i = 0; i < count; i++) {
      if (!this.hasNext()) return undefined;
      taken += this.next();
    }
    return taken;
  }

  #tokenAt(start: number): string {
    if (isDelimiter(this.text.charAt(start)) && !this.#escaped(start)) return this.text.charAt(start);
    let end = start + 1;
    while (end < this.text.length && !(isDelimiter(this.text.charAt(end)) && !this.#escaped(end))) end++;
    return this.text.slice(start, end);
  }

  #escaped(at: number): boolean {
    let backslashes = 0;
    while (this.text.charAt(at - 1 - backslashes) === '\\') backslashes++;
    return backslashes % 2 === 1;
  }
}

const isDelimiter = (char: string): boolean => char !== '' && ':,[]{}"'.includes(char);
export const trimmed = (text: string): string => text.replace(/^[\0- ]+|[\0- ]+$/g, '');
export const isBlank = (text: string): boolean => trimmed(text) === '';
