import type { ZodType } from 'zod';

/** A configuration as Connect users write it: flat keys, string values. Code may give typed values instead. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** One thing wrong with a configuration: shown with its key, never alone. */
export interface ConfigProblem {
  readonly key: string;
  readonly message: string;
}

export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';

/** Metadata of one key, as Connect's ConfigDef; rendered by REST, docs and UI. */
export interface ConfigKey {
  readonly name: string;
  readonly type: ConfigType;
  /** `undefined`: required. */
  readonly defaultValue: unknown;
  readonly importance: 'high' | 'medium' | 'low';
  readonly doc: string;
  readonly group?: string;
  readonly order?: number;
  readonly width?: 'none' | 'short' | 'medium' | 'long';
  readonly displayName?: string;
  /** Keys that mean something only with this one; each of them has to be declared. */
  readonly dependents?: readonly string[];
  /** Unknown to the Java plugin that this one stands for. */
  readonly beyondConnect?: boolean;
}

/** What validation says about one key, in the words of REST: texts only. */
export interface ConfigValue {
  readonly name: string;
  /** Text form of the parsed value (a password hidden); `null` when absent or unparseable. */
  readonly value: string | null;
  readonly errors: readonly string[];
  readonly recommendedValues: readonly string[];
  readonly visible: boolean;
}

/**
 * Says what is wrong with a parsed value of key `name`: a whole sentence, or `undefined` when nothing is.
 *
 * Sees `null` when the value is absent or could not be parsed. `type` is the key's, which says how its value is printed.
 */
export type Check<T> = (value: T | null, name: string, type?: ConfigType) => string | undefined;

/** What may be entered for a key, given the other values. The message of what it throws is an error of the key. */
export type Recommender = (
  name: string,
  values: Readonly<Record<string, unknown>>,
) => { readonly values?: readonly string[]; readonly visible?: boolean };

/** One key of `config({ … })`: made by a kind (`string`, `int`, …). `T`: parsed, `I`: what code may give, `Required`: has no default. */
export interface ConfigField<T = unknown, I = unknown, Required extends boolean = boolean> {
  readonly type: ConfigType;
  readonly required: Required;
  readonly key: Omit<ConfigKey, 'name' | 'type'>;
  /** Text or typed value → `T`; the message of its first issue completes "Invalid value x for configuration y: …". */
  readonly schema: ZodType<T>;
  readonly checks: readonly Check<never>[];
  readonly recommend?: Recommender;
  /** What code gets for a value that passed the checks; validation shows it as it was written. */
  readonly spell?: (value: never) => T;
  /** Types only. */
  readonly input?: I;
}

/** A configuration that can be used, or all that is wrong with it: key by key, or, where each key is fine, with keys together. */
export type ParsedConfig<C> =
  | { readonly value: C; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly ConfigProblem[]; readonly among: 'keys' | 'combinations' };

/** What `config({ … })` makes of field kinds: types, parsing with Connect's messages, and metadata, from one declaration. `I`: what code gives. */
export interface ConfigDefinition<C = unknown, I = unknown> {
  readonly keys: readonly ConfigKey[];
  /**
   * Parses and checks everything; all problems, not the first. Unknown keys are ignored.
   *
   * `prefix` is where the keys stand in a larger configuration: messages about keys that are missing or unreadable name them with it.
   */
  parse(raw: RawConfig, prefix?: string): ParsedConfig<C>;
  /** Key by key what Connect's `validate` answers, in the order of the declaration. `prefix` as for `parse`; names are without it. */
  validate(raw: RawConfig, prefix?: string): readonly ConfigValue[];
  /** Types only. */
  readonly input?: I;
}
