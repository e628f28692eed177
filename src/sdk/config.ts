/** A configuration as Connect users write it: flat keys, string values. Code may give typed values instead. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** One thing wrong with a configuration: shown with its key, never alone. */
export interface ConfigProblem {
  readonly key: string;
  readonly message: string;
}

/** Metadata of one key, as Connect's ConfigDef; rendered by REST, docs and UI. */
export interface ConfigKey {
  readonly name: string;
  readonly type: 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';
  /** `undefined`: required. */
  readonly defaultValue: unknown;
  readonly importance: 'high' | 'medium' | 'low';
  readonly doc: string;
  readonly group?: string;
  readonly order?: number;
  readonly width?: 'none' | 'short' | 'medium' | 'long';
  readonly displayName?: string;
  readonly dependents?: readonly string[];
}

/** What `config({ … })` makes of field kinds: types, parsing with Connect's messages, and metadata, from one declaration. */
export interface ConfigDefinition<C> {
  readonly keys: readonly ConfigKey[];
  /** Parses and checks everything; all problems, not the first. Unknown keys are ignored. */
  parse(
    raw: RawConfig,
  ): { readonly value: C; readonly problems: readonly [] } | { readonly value?: undefined; readonly problems: readonly ConfigProblem[] };
}
