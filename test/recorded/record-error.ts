/** The message of an error, without what changes from run to run. */
export const recordErrorOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/@[\da-f]+$/g, '@<hash>');
