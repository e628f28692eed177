import { Password } from './password.ts';

/** How Java prints a configuration value inside a message: lists in brackets. */
export const configText = (value: unknown): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));

/** The text form of a parsed value that REST shows; `null` stays `null`. */
export function renderedText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.join(',');
  return value instanceof Password ? value.toString() : String(value);
}
