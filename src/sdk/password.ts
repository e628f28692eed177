/** A secret of a configuration: prints as `[hidden]` wherever it ends up (I10). */
export class Password {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The secret itself: for the client that needs it, not for a log. */
  reveal(): string {
    return this.#secret;
  }

  toString(): string {
    return '[hidden]';
  }

  toJSON(): string {
    return '[hidden]';
  }
}
