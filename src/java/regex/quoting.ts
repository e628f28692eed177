/**
 * The pattern with each character between `\Q` and `\E` escaped by itself, as Java's compiler rewrites it first.
 *
 * From the first `\Q` on; a leading digit becomes `\x3d`, so that it does not prolong an escape before it.
 */
export function withoutQuoting(pattern: string): string {
  const first = /^(?:[^\\]|\\[^Q])*?\\Q/su.exec(pattern);
  if (first === null) return pattern;
  let text = pattern.slice(0, first[0].length - 2);
  let [quoted, begins] = [true, true];
  for (let at = first[0].length; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char > '\x7f' || /[A-Za-z]/.test(char)) text += char;
    else if (/\d/.test(char)) text += begins ? `\\x3${char}` : char;
    else if (char !== '\\') text += quoted ? `\\${char}` : char;
    else {
      const next = pattern.charAt(at + 1);
      if (next === (quoted ? 'E' : 'Q')) {
        quoted = !quoted;
        begins = quoted;
        at += 1;
        continue;
      }
      text += quoted ? '\\\\' : char + next;
      if (!quoted) at += 1;
    }
    begins = false;
  }
  return text;
}
