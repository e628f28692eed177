/** The message of an error, without what changes from run to run: identity hashes, wherever they stand. */
export const recordErrorOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/(?<=\[B|[A-Za-z$]\w*)@[\da-f]+(?![\w.])/g, '@<hash>');
