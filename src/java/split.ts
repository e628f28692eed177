/** `String.split` by a separator that stands for itself: empty parts at the end are left out, of a text without separator none. */
export function split(text: string, separator: string): readonly string[] {
  if (!text.includes(separator)) return [text];
  const parts = text.split(separator);
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}
