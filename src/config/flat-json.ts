/** A flat configuration: every value a text, `null` kept. */
export type FlatConfig = Readonly<Record<string, string | null>>;

/** A number as it was written: `1.50` stays `1.50`. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Levels that Jackson reads at most. */
const MOST_LEVELS = 1_000;

/** JSON whose numbers keep their source text until `textOf` asks for it. Throws a `SyntaxError` where it is none, or nested too deeply. */
export function parseKeepingNumbers(json: string): unknown {
  refuseTooDeep(json);
  return JSON.parse(json, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
  );
}

/** Throws a `SyntaxError` where a document has more levels than Jackson reads. */
export function refuseTooDeep(json: string): void {
  if (json.length > MOST_LEVELS && isTooDeep(json)) throw new SyntaxError(`The document is nested more than ${MOST_LEVELS} levels deep`);
}

/** Looks at the text: what walks the parsed document would not come back from some. */
function isTooDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[[{\]}]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > MOST_LEVELS) return true;
  }
  return false;
}

/** A parsed JSON object, which is not an array. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);

/** A scalar as Connect reads it where it wants a string. Fails on an object and on an array, naming the place. */
export function textOf(value: unknown, place: string): string | null {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof NumberText) return value.text;
  if (typeof value === 'boolean') return String(value);
  throw new SyntaxError(`${place} has to be a string, but it is ${Array.isArray(value) ? 'an array' : 'an object'}`);
}

/** An object of scalars as a flat configuration, in its order. */
export function flatConfig(value: unknown, place: string): FlatConfig {
  if (!isJsonObject(value)) throw new SyntaxError(`${place} has to be an object of strings`);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, textOf(member, `${place}.${key}`)]));
}
