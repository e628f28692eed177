import { z } from 'zod';
import { parseDouble, parseInteger } from '../java/parse-number.ts';
import { trim } from '../java/trim.ts';
import type { Check, ConfigField, ConfigKey, ConfigType, Recommender } from './config.ts';
import { oneOf as isOneOf, oneOfIgnoringCase } from './config-checks.ts';
import { javaClassOf } from './java-class.ts';
import { Password } from './password.ts';

/** What every kind takes besides its name. Without `default` the key is required; `default: null` makes it optional. */
export interface FieldOptions<T> {
  readonly doc: string;
  readonly importance?: ConfigKey['importance'];
  readonly default?: T | null;
  readonly group?: string;
  readonly order?: number;
  readonly width?: ConfigKey['width'];
  readonly displayName?: string;
  readonly dependents?: readonly string[];
  /** The Java plugin that this one stands for has no such key: tools that know that one see it only where it is set. */
  readonly beyondConnect?: boolean;
  /** Run in order; the first that objects is reported. */
  readonly checks?: readonly Check<T>[];
  readonly recommend?: Recommender;
}

/** `oneOf` lists the legal texts and narrows the type; with `ignoreCase` the value takes the spelling of the list. */
export interface StringOptions extends FieldOptions<string> {
  readonly oneOf?: readonly string[];
  readonly ignoreCase?: boolean;
}

// Types follow from the options as they were written: O is inferred from the argument alone, never from where the field is used.
type Nullable<O> = O extends { readonly default: infer D } ? (null extends D ? null : never) : never;
type IsRequired<O> = O extends { readonly default: unknown } ? false : true;
type TextOf<O> = O extends { readonly oneOf: ReadonlyArray<infer V extends string> } ? V : string;
type Field<O, T, I = T> = ConfigField<T | Nullable<O>, I | Nullable<O>, IsRequired<O>>;

/** A text, trimmed. */
export function string<const O extends StringOptions>(options: O): Field<O, TextOf<O>> {
  const { oneOf, ignoreCase = false } = options;
  const spell = (text: string): string => (ignoreCase ? (oneOf?.find((v) => v.toLowerCase() === text.toLowerCase()) ?? text) : text);
  const listed = oneOf === undefined ? [] : [ignoreCase ? oneOfIgnoringCase(oneOf) : isOneOf(oneOf)];
  const parse = (raw: unknown) => (typeof raw === 'string' ? trim(raw) : wrongClass('a string', raw));
  return field('STRING', options, kind(parse), { checks: listed, ...(ignoreCase ? { spell } : {}) });
}

/** `true` or `false`, in any case. */
export function boolean<const O extends FieldOptions<boolean>>(options: O): Field<O, boolean> {
  return field('BOOLEAN', options, kind(parseBoolean));
}

/** A whole number of 32 bits. */
export function int<const O extends FieldOptions<number>>(options: O): Field<O, number> {
  return field('INT', options, integer('INT', 32, 'a 32-bit integer'));
}

/** A whole number of 16 bits. */
export function short<const O extends FieldOptions<number>>(options: O): Field<O, number> {
  return field('SHORT', options, integer('SHORT', 16, 'a 16-bit integer (short)'));
}

/** A whole number of 64 bits, as a `number`: beyond 2^53 it is the nearest one. */
export function long<const O extends FieldOptions<number>>(options: O): Field<O, number> {
  return field('LONG', options, integer('LONG', 64, 'a 64-bit integer (long)'));
}

/** A floating-point number in Java's syntax. */
export function double<const O extends FieldOptions<number>>(options: O): Field<O, number> {
  const parse = (raw: unknown) => {
    if (typeof raw === 'number') return raw;
    return typeof raw === 'string' ? (parseDouble(raw) ?? new Wrong(notANumber('DOUBLE'))) : wrongClass('a double', raw);
  };
  return field('DOUBLE', options, kind(parse));
}

/** Texts separated by commas. The empty text is the empty list. */
export function list<const O extends FieldOptions<readonly string[]>>(options: O): Field<O, readonly string[]> {
  return field('LIST', options, kind(parseList));
}

/** A secret, wrapped so that it never prints. */
export function password<const O extends FieldOptions<Password>>(options: O): Field<O, Password, string | Password> {
  const parse = (raw: unknown) => {
    if (raw instanceof Password) return raw;
    return typeof raw === 'string' ? new Password(trim(raw)) : wrongClass('a string', raw);
  };
  return field('PASSWORD', options, kind(parse));
}

/** `find` gives the class that a name stands for, `undefined` when there is none; without it whoever resolves the name checks it. */
export interface ClassNameOptions extends FieldOptions<string> {
  readonly find?: (name: string) => string | undefined;
}

/** The name of a plugin: its own name, an alias or a Java class name. */
export function className<const O extends ClassNameOptions>(options: O): Field<O, string> {
  const { find = (name: string) => name } = options;
  const parse = (raw: unknown) => {
    if (typeof raw !== 'string') return new Wrong('Expected a Class instance or class name.');
    return find(trim(raw)) ?? new Wrong(`Class ${raw} could not be found.`);
  };
  return field('CLASS', options, kind(parse));
}

class Wrong {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

const notANumber = (type: ConfigType): string => `Not a number of type ${type}`;
const wrongClass = (wanted: string, raw: unknown): Wrong => new Wrong(`Expected value to be ${wanted}, but it was a ${javaClassOf(raw)}`);

/** A zod schema whose only issue is the second half of Connect's message. */
const kind = (parse: (raw: unknown) => unknown): z.ZodType =>
  z.unknown().transform((raw, context) => {
    const value = parse(raw);
    if (!(value instanceof Wrong)) return value;
    context.addIssue({ code: 'custom', message: value.why });
    return z.NEVER;
  });

function integer(type: 'INT' | 'SHORT' | 'LONG', bits: 16 | 32 | 64, wanted: string) {
  return kind((raw) => {
    if (typeof raw === 'number' && Number.isInteger(raw)) return raw;
    if (typeof raw !== 'string') return wrongClass(wanted, raw);
    const value = parseInteger(trim(raw), bits);
    return value === undefined ? new Wrong(notANumber(type)) : Number(value);
  });
}

function parseBoolean(raw: unknown): unknown {
  if (typeof raw === 'boolean') return raw;
  const text = typeof raw === 'string' ? trim(raw).toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : new Wrong('Expected value to be either true or false');
}

function parseList(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw;
  if (typeof raw !== 'string') return new Wrong('Expected a comma separated list.');
  const text = trim(raw);
  return text === '' ? [] : text.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/);
}

type AnyOptions = Omit<FieldOptions<never>, 'default'> & { readonly default?: unknown };

/** The one place where the types that `O` promises are taken for granted. */
function field<F>(
  type: ConfigType,
  options: AnyOptions,
  schema: z.ZodType,
  more: { readonly checks?: readonly Check<never>[]; readonly spell?: (value: string) => string } = {},
): F {
  const { checks = [], recommend, default: defaultValue, importance = 'medium', doc, ...rest } = options;
  const shown = ['group', 'order', 'width', 'displayName', 'dependents', 'beyondConnect'];
  const given = Object.fromEntries(Object.entries(rest).filter(([name]) => shown.includes(name)));
  const made: ConfigField = {
    type,
    required: defaultValue === undefined,
    key: { defaultValue, importance, doc, ...given },
    schema,
    checks: [...(more.checks ?? []), ...checks],
    ...(recommend === undefined ? {} : { recommend }),
    ...(more.spell === undefined ? {} : { spell: more.spell }),
  };
  return made as F;
}
