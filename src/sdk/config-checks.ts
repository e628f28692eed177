import { hashOrder } from '../java/hash-order.ts';
import { JavaPattern } from '../java/regex/java-pattern.ts';
import { PatternSyntaxError } from '../java/regex/syntax-error.ts';
import type { Check, ConfigType } from './config.ts';
import { configText } from './config-text.ts';

/** Connect's sentence for a value that is refused. */
export const invalidValue = (value: unknown, name: string, why: string, type?: ConfigType): string =>
  `Invalid value ${configText(value, type)} for configuration ${name}: ${why}`;

/** One of these texts, in this order in the message. */
export const oneOf =
  (values: readonly string[]): Check<string> =>
  (value, name) =>
    value !== null && values.includes(value) ? undefined : invalidValue(value, name, `String must be one of: ${values.join(', ')}`);

/** One of these texts, whatever the case: in capitals in the message, in the order in which Java has them in a set. */
export const oneOfIgnoringCase = (values: readonly string[]): Check<string> => {
  const upper = hashOrder(values.map((value) => value.toUpperCase()));
  return (value, name) =>
    value !== null && upper.includes(value.toUpperCase())
      ? undefined
      : invalidValue(value, name, `String must be one of (case insensitive): ${upper.join(', ')}`);
};

/** A number within bounds, both included. */
export const between =
  (min: number, max = Number.POSITIVE_INFINITY): Check<number> =>
  (value, name, type) => {
    if (value === null) return invalidValue(value, name, 'Value must be non-null');
    if (value < min) return invalidValue(value, name, `Value must be at least ${min}`, type);
    return value > max ? invalidValue(value, name, `Value must be no more than ${max}`, type) : undefined;
  };

/** A number that is not less than `min`. */
export const atLeast = (min: number): Check<number> => between(min);

/** A value at all. */
export const notNull: Check<unknown> = (value, name) => (value === null ? invalidValue(value, name, 'entry must be non null') : undefined);

/** A text with at least one character; `null` passes. */
export const notEmpty: Check<string> = (value, name) => (value === '' ? invalidValue(value, name, 'String must be non-empty') : undefined);

/** A text of at least one character, none of them a control character; `null` passes. */
export const withoutControlCharacters: Check<string> = (value, name) => {
  if (value === null) return undefined;
  if (value === '') return invalidValue(value, name, 'String may not be empty');
  const control = Array.from(value, (char) => char.codePointAt(0) ?? 0).filter((code) => code < 32 || (code >= 127 && code < 160));
  const why = `String may not contain control sequences but had the following ASCII chars: ${control.join(', ')}`;
  return control.length > 0 ? invalidValue(value, name, why) : undefined;
};

/** A list of no more than so many elements; `null` passes. */
export const atMostElements =
  (most: number): Check<readonly string[]> =>
  (value, name) =>
    value !== null && value.length > most ? invalidValue(value, name, `exceeds maximum list size of [${most}].`) : undefined;

/** A list of some of these texts, none of them twice. */
export const someOf =
  (values: readonly string[], { allowEmpty = true } = {}): Check<readonly string[]> =>
  (value, name) => {
    if (value?.length === 0 && !allowEmpty)
      return `Configuration '${name}' must not be empty. Valid values include: [${values.join(', ')}]`;
    const listed = distinctValues({ allowNull: false })(value, name);
    return listed ?? value?.map((element) => oneOf(values)(element, name)).find((wrong) => wrong !== undefined);
  };

/** A list without duplicates and without empty elements. */
export const distinctValues =
  ({ allowEmpty = true, allowNull = true } = {}): Check<readonly string[]> =>
  (value, name) => {
    if (value === null) return allowNull ? undefined : `Configuration '${name}' values must not be null.`;
    if (value.length === 0)
      return allowEmpty ? undefined : `Configuration '${name}' must not be empty. Valid values include: any non-empty value`;
    if (new Set(value).size < value.length) return `Configuration '${name}' values must not be duplicated.`;
    return value.includes('') ? `Configuration '${name}' values must not be empty.` : undefined;
  };

/** A list with at least one element. */
export const notEmptyList: Check<readonly string[]> = (value, name) =>
  value === null || value.length === 0 ? invalidValue(value, name, 'Empty list') : undefined;

/** A regular expression in Java's syntax. */
export const regularExpression: Check<string> = (value, name) => {
  // What Java says of no text at all.
  if (value === null) return invalidValue(null, name, 'Invalid regex: Cannot invoke "String.isEmpty()" because "this.pattern" is null');
  try {
    new JavaPattern(value);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternSyntaxError)) throw error;
    return invalidValue(value, name, `Invalid regex: ${error.message}`);
  }
};
