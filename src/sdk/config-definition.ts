import type { ConfigDefinition, ConfigField, ConfigKey, ConfigProblem, ConfigValue, RawConfig } from './config.ts';
import { invalidValue } from './config-checks.ts';
import { renderedText } from './config-text.ts';

type Fields = Readonly<Record<string, ConfigField>>;
type ParsedOf<F> = F extends ConfigField<infer T, unknown, boolean> ? T : never;
type InputOf<F> = F extends ConfigField<unknown, infer I, boolean> ? I : never;
type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K] extends ConfigField<unknown, unknown, true> ? K : never }[keyof F];

/** What a plugin's code receives. */
export type ConfigOf<F extends Fields> = { readonly [K in keyof F]: ParsedOf<F[K]> };
/** What code that uses the plugin gives: keys with a default may be left out. */
export type ConfigInput<F extends Fields> = { readonly [K in RequiredKeys<F>]: InputOf<F[K]> } & {
  readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: InputOf<F[K]>;
};

interface ParsedKey {
  readonly value: unknown;
  readonly errors: readonly string[];
}

/**
 * Declares the configuration of a plugin: one field kind per key.
 *
 * `check` sees a configuration whose keys are all fine, and reports what only several keys together can have wrong.
 */
export function config<const F extends Fields>(
  fields: F,
  options: { readonly check?: (value: ConfigOf<F>) => readonly ConfigProblem[] } = {},
): ConfigDefinition<ConfigOf<F>, ConfigInput<F>> {
  const entries = Object.entries(fields);
  const undeclared = [...new Set(entries.flatMap(([, { key }]) => key.dependents ?? []))].filter((name) => !Object.hasOwn(fields, name));
  const parseKeys = (raw: RawConfig, prefix = '') => entries.map(([name, field]) => [name, parseKey(name, field, raw, prefix)] as const);
  return {
    keys: entries.map(([name, field]): ConfigKey => ({ name, type: field.type, ...field.key })),
    parse(raw, prefix) {
      const parsed = parseKeys(raw, prefix);
      const problems = [
        ...undeclared.slice(0, 1).map((key) => ({ key, message: undeclaredAtAll(undeclared) })),
        ...parsed.flatMap(([key, { errors }]) => errors.slice(0, 1).map((message) => ({ key, message }))),
      ];
      if (problems.length > 0) return { problems, among: 'keys' };
      const value = Object.fromEntries(parsed.map(([name, key]) => [name, spelled(fields[name], key.value)])) as ConfigOf<F>;
      const more = options.check?.(value) ?? [];
      return more.length > 0 ? { problems: more, among: 'combinations' } : { value, problems: [] };
    },
    validate(raw, prefix) {
      const parsed = parseKeys(raw, prefix);
      const values = Object.fromEntries(parsed.map(([name, key]) => [name, key.value]));
      return [...parsed.map(([name, key]) => configValue(name, key, fields[name], values)), ...undeclared.map(undeclaredValue)];
    },
  };
}

const spelled = (field: ConfigField | undefined, value: unknown): unknown =>
  field?.spell === undefined || value === null ? value : field.spell(value as never);

/** As ConfigDef: the default only where the key is absent; checks also run on the `null` that a failed parse leaves. */
function parseKey(name: string, field: ConfigField, raw: RawConfig, prefix: string): ParsedKey {
  const errors: string[] = [];
  let value: unknown = null;
  if (!Object.hasOwn(raw, name)) {
    if (field.required) errors.push(`Missing required configuration "${prefix}${name}" which has no default value.`);
    else value = field.key.defaultValue;
  } else if (raw[name] !== null && raw[name] !== undefined) {
    const result = field.schema.safeParse(raw[name]);
    if (result.success) value = result.data;
    else errors.push(invalidValue(raw[name], prefix + name, result.error.issues[0]?.message ?? ''));
  }
  for (const check of field.checks) {
    const wrong = check(value as never, name, field.type);
    if (wrong !== undefined) {
      errors.push(wrong);
      break;
    }
  }
  return { value, errors };
}

/** What Connect says of a key that others name among their dependents, and that is none. */
const undeclaredValue = (name: string): ConfigValue => ({
  name,
  value: null,
  errors: [`${name} is referred in the dependents, but not defined.`],
  recommendedValues: [],
  visible: false,
});

const undeclaredAtAll = (names: readonly string[]): string =>
  `Some configurations in are referred in the dependents, but not defined: ${names.join(', ')}`;

function configValue(
  name: string,
  { value, errors }: ParsedKey,
  field: ConfigField | undefined,
  values: Readonly<Record<string, unknown>>,
): ConfigValue {
  const shown = { name, value: renderedText(value, field?.type) };
  try {
    const advice = field?.recommend?.(name, values);
    return { ...shown, errors, recommendedValues: advice?.values ?? [], visible: advice?.visible ?? true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...shown, errors: [...errors, why], recommendedValues: [], visible: true };
  }
}
