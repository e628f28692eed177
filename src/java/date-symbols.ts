/** Names of Java's en_US locale. Full names first: a text is matched against all of them and the longest fitting one counts. */
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export const eras = ['BC', 'AD'] as const;
export const halves = ['AM', 'PM'] as const;

export const short = (name: string): string => name.slice(0, 3);

/** Index of the longest name (full or three letters) that `text` has at `at`, whatever the case; -1: none. */
export function matchName(names: readonly string[], text: string, at: number): { readonly index: number; readonly length: number } {
  let best = { index: -1, length: 0 };
  names.forEach((name, index) => {
    for (const form of [name, short(name)]) {
      if (form.length > best.length && startsWithIgnoringCase(text, form, at)) best = { index, length: form.length };
    }
  });
  return best;
}

export const startsWithIgnoringCase = (text: string, prefix: string, at: number): boolean =>
  text.length - at >= prefix.length && text.substring(at, at + prefix.length).toLowerCase() === prefix.toLowerCase();
