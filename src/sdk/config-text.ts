import { doubleText } from '../java/number-text.ts';
import type { ConfigType } from './config.ts';
import { Password } from './password.ts';

/** How Java prints a configuration value inside a message: lists in brackets, whole doubles with a point. */
export const configText = (value: unknown, type?: ConfigType): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : scalarText(value, type);

/** The text form of a parsed value that REST shows; `null` stays `null`. */
export function renderedText(value: unknown, type?: ConfigType): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.join(',');
  return value instanceof Password ? value.toString() : scalarText(value, type);
}

const scalarText = (value: unknown, type: ConfigType | undefined): string =>
  type === 'DOUBLE' && typeof value === 'number' ? doubleText(value) : String(value);
