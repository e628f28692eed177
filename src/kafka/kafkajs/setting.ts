import { kafkaErrors } from '../../errors/kafka.ts';

/** Client properties as Connect users write them: text by Java name. */
export type Properties = Readonly<Record<string, string>>;

/** One client property that we act on. */
export interface Setting<V> {
  readonly kind: string;
  /** As Java writes it; undefined when there is none. */
  readonly default: string | undefined;
  /** What it does here: one sentence. */
  readonly doc: string;
  /** The value is never shown. */
  readonly secret: boolean;
  readonly parse: (text: string) => V;
}

export type Values<T> = { readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never };

const define =
  <V>(kind: string, parse: (text: string) => V) =>
  <const D extends string | undefined>(
    fallback: D,
    doc: string,
    { secret = false }: { readonly secret?: boolean } = {},
  ): Setting<D extends string ? V : V | undefined> => ({
    kind,
    default: fallback,
    doc,
    secret,
    // A property that is absent and has no default is never parsed: see `readSettings`.
    parse: parse as Setting<D extends string ? V : V | undefined>['parse'],
  });

class NotAllowed extends Error {}
const refuse = (expected: string): never => {
  throw new NotAllowed(expected);
};

const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  return text !== '' && Number.isInteger(value) && value >= least && value <= most
    ? value
    : refuse(`a whole number from ${least} to ${most}`);
};

export const text = define('string', (value) => value);
export const password = (fallback: undefined, doc: string) => text(fallback, doc, { secret: true });
export const list = define('list', (value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
export const count = define('int', whole(0, 2_147_483_647));
/** A size in bytes. */
export const size = define('bytes', whole(0, 2_147_483_647));
/** A time in milliseconds. */
export const time = define('ms', whole(-1, Number.MAX_SAFE_INTEGER));
/** A time in milliseconds that a timer can wait. */
export const interval = define('ms', whole(1, 2_147_483_647));
export const flag = define('boolean', (value) => {
  const lower = value.toLowerCase();
  return lower === 'true' || (lower === 'false' ? false : refuse('true or false'));
});
export const choice = <const C extends readonly string[]>(...allowed: C) =>
  define(allowed.join(', '), (value): C[number] => allowed.find((each) => each === value) ?? refuse(`one of ${allowed.join(', ')}`));

/** A list of which each is one of these, by key or by value; not empty. */
export const choices = <const C extends Readonly<Record<string, string>>>(allowed: C) =>
  define('list', (value): readonly (keyof C & string)[] => {
    const names = Object.keys(allowed) as (keyof C & string)[];
    const wrong = () => refuse(`one or more of ${Object.values(allowed).join(', ')}`);
    const chosen = value.split(',').map((part) => names.find((name) => name === part.trim() || allowed[name] === part.trim()) ?? wrong());
    return [...new Set(chosen)];
  });

/** The values of all settings of a table; a KAFKA_SETTING names the first property that cannot be read. */
export function readSettings<const T extends Readonly<Record<string, Setting<unknown>>>>(table: T, properties: Properties): Values<T> {
  const values = Object.entries(table).map(([name, setting]) => [name, readSetting(name, setting, properties[name])]);
  return Object.fromEntries(values) as Values<T>;
}

function readSetting(name: string, setting: Setting<unknown>, given: string | undefined): unknown {
  const value = given?.trim() ?? setting.default;
  if (value === undefined) return undefined;
  try {
    return setting.parse(value);
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    throw kafkaErrors.SETTING({ name, value: setting.secret ? '[hidden]' : value, expected: error.message });
  }
}
