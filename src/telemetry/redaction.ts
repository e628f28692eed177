/** Shorter texts are no secrets, and stand in many a line by chance. */
const SHORTEST = 4;
const HIDDEN = '[hidden]';

/** Knows the secrets of a process, and takes them out of what it says (I10). */
export class Redaction {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  add(secrets: Iterable<string>): void {
    for (const secret of secrets) if (secret.length >= SHORTEST) this.#secrets.add(secret);
    this.#pattern = undefined;
  }

  /** The text with `[hidden]` for each secret, as it is or as JSON writes it. */
  readonly of = (text: string): string => {
    if (this.#secrets.size === 0) return text;
    this.#pattern ??= patternOf(this.#secrets);
    return text.replace(this.#pattern, HIDDEN);
  };
}

/** Longer ones first: one secret may begin like another. */
function patternOf(secrets: Iterable<string>): RegExp {
  const written = new Set(Array.from(secrets, (secret) => [secret, JSON.stringify(secret).slice(1, -1)]).flat());
  const longestFirst = [...written].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}
