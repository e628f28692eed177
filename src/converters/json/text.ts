import { dataException, java } from 'sluice/sdk';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these must be escaped.
const special = /[\0-\x1f"\\\ud800-\udfff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const escaped = /[\0-\x1f"\\\ud800-\udfff]/g;
const surrogate = /[\ud800-\udfff]/;
const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A text as a JSON string, escaped as Jackson does: what is beyond 16 bits, and half of it, as escapes too. */
export const quote = (text: string): string =>
  special.test(text) ? `"${text.replace(escaped, (character) => short[character] ?? hexadecimal(character))}"` : `"${text}"`;

/** Whether Jackson writes as escapes what `JSON.stringify` leaves as it is. */
export const hasSurrogates = (text: string): boolean => surrogate.test(text);

const hexadecimal = (character: string): string => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Java's text of a number; what JSON has no number for becomes a string. */
export const doubleJson = (value: number): string => (Number.isFinite(value) ? java.doubleText(value) : `"${value}"`);
export const floatJson = (value: number): string => (Number.isFinite(value) ? java.floatText(value) : `"${value}"`);

/** What Connect says of a value that Jackson cannot write; the cause says why. */
export const unwritable = (why: string): Error =>
  dataException('Converting Kafka Connect data to byte[] failed due to serialization error: ', new Error(why));
