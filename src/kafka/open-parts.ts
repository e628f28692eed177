type End = 'close' | 'leave';
type Part<E extends End> = { readonly [K in E]: (...options: never[]) => Promise<void> };

/** What a driver has opened: it is closed with the driver, unless it was closed before. */
export class OpenParts {
  readonly #ends = new Set<() => Promise<void>>();
  readonly #refused: () => Error;
  #closing: Promise<unknown> | undefined;

  /** @param refused what is told of a part that comes too late */
  constructor(refused: () => Error) {
    this.#refused = refused;
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** Answers the part, whose method `end` from now on forgets it too. Closes it and rejects when the driver was closed meanwhile. */
  async keep<E extends End, T extends Part<E>>(part: T, end: E): Promise<T> {
    if (this.closing) {
      await part[end]();
      throw this.#refused();
    }
    const own = part[end].bind(part);
    const ended = (...options: never[]) => own(...options).finally(() => this.#ends.delete(ended));
    this.#ends.add(ended);
    // Configurable, since whoever wraps the part in a proxy may answer with another.
    Object.defineProperty(part, end, { value: ended, configurable: true, writable: true });
    return part;
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#ends].map((end) => end()));
    await this.#closing;
  }
}
