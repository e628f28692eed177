/** What `java.util.regex.PatternSyntaxException` says: the description, where, the pattern, and a caret below the place. */
export class PatternSyntaxError extends Error {
  override readonly name = 'java.util.regex.PatternSyntaxException';

  constructor(description: string, pattern: string, index: number) {
    const where = index >= 0 ? ` near index ${index}` : '';
    const caret = index >= 0 && index < pattern.length ? `\n${' '.repeat(index)}^` : '';
    super(`${description}${where}\n${pattern}${caret}`);
  }
}
