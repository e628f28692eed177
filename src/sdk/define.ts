import { configErrors } from '../errors/config.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { ConfigDefinition, RawConfig } from './config.ts';
import type { ConverterDefinition } from './converter.ts';
import { type BatchOperator, type OperatorDefinition, type PredicateDefinition, standaloneContext } from './operator.ts';
import type { SinkDefinition } from './sink.ts';
import type { SourceDefinition } from './source.ts';
import { stepOf, withStep } from './stepped.ts';

interface Definition {
  readonly kind: string;
  readonly name: string;
  readonly config: ConfigDefinition;
}
/** The call of a definition; its config may be left out when every key has a default. */
type Call<I, R> = Record<never, never> extends I ? (config?: I) => R : (config: I) => R;
type InputOf<I> = { readonly config: { readonly input?: I } };

/** A definition with the config it was called with: where a stage of a pipeline came from, for names, JSON and explain. */
export interface Configured<D = Definition> {
  readonly definition: D;
  readonly config: RawConfig;
}

export type CallableOperator<C, I, A = ConnectRecord, B = A> = OperatorDefinition<C, A, B> & InputOf<I> & Call<I, BatchOperator<A, B>>;
export type CallablePredicate<C, I, R = ConnectRecord> = PredicateDefinition<C, R> & InputOf<I> & Call<I, (record: R) => boolean>;
export type CallableSource<C, I, R = ConnectRecord> = SourceDefinition<C, R> & InputOf<I> & Call<I, Configured<SourceDefinition<C, R>>>;
export type CallableSink<C, I, R = ConnectRecord> = SinkDefinition<C, R> & InputOf<I> & Call<I, Configured<SinkDefinition<C, R>>>;

type Spec<D extends { config: unknown }, C, I> = Omit<D, 'kind' | 'config'> & { readonly config: ConfigDefinition<C, I> };

const origins = new WeakMap<object, Configured>();

/** The definition and config behind an operator or predicate that a definition made; `undefined` for one written inline. */
export const configuredOf = (stage: object): Configured | undefined => origins.get(stage);

/** Parses a config for a plugin; the error names the plugin, every key and what is wrong with it. */
export function parseConfig<C>(plugin: { readonly name: string; readonly config: ConfigDefinition<C> }, raw: RawConfig): C {
  const result = plugin.config.parse(raw);
  if (result.value === undefined) throw configErrors.INVALID({ plugin: plugin.name, problems: result.problems });
  return result.value;
}

/** An operator: usable by name in JSON, and callable in code: `maskField({ fields: ['ssn'] })`. */
export function defineOperator<C, I, A = ConnectRecord, B = A>(
  spec: Spec<OperatorDefinition<C, A, B>, C, I>,
): CallableOperator<C, I, A, B> {
  const definition: CallableOperator<C, I, A, B> = callable({ ...spec, kind: 'operator' }, (raw) =>
    remember(ownOperator(spec.create(parseConfig(spec, raw), standaloneContext)), definition, raw),
  );
  return definition;
}

/** A predicate: usable by name in JSON, and callable in code. */
export function definePredicate<C, I, R = ConnectRecord>(spec: Spec<PredicateDefinition<C, R>, C, I>): CallablePredicate<C, I, R> {
  const definition: CallablePredicate<C, I, R> = callable({ kind: 'predicate', ...spec }, (raw) => {
    const test = spec.create(parseConfig(spec, raw));
    return remember((record: R) => test(record), definition, raw);
  });
  return definition;
}

/** A source: usable by name in JSON; a call in code checks the config and pairs it with the definition. */
export function defineSource<C, I, R = ConnectRecord>(spec: Spec<SourceDefinition<C, R>, C, I>): CallableSource<C, I, R> {
  const definition: CallableSource<C, I, R> = callable({ kind: 'source', ...spec }, (raw) => configured(definition, raw));
  return definition;
}

/** A sink: usable by name in JSON; a call in code checks the config and pairs it with the definition. */
export function defineSink<C, I, R = ConnectRecord>(spec: Spec<SinkDefinition<C, R>, C, I>): CallableSink<C, I, R> {
  const definition: CallableSink<C, I, R> = callable({ kind: 'sink', ...spec }, (raw) => configured(definition, raw));
  return definition;
}

/** A converter: usable by name in JSON, and by a converter setting in code. */
export function defineConverter<C, I>(spec: Spec<ConverterDefinition<C>, C, I>): ConverterDefinition<C> & InputOf<I> {
  return Object.freeze({ kind: 'converter', ...spec });
}

/** A function with the members of a definition; `name` is the plugin's, not the function's. */
function callable<D>(members: Definition & object, call: (raw: RawConfig) => unknown): D {
  const definition = (raw: RawConfig = {}) => call(raw);
  for (const [name, value] of Object.entries(members)) Object.defineProperty(definition, name, { value, enumerable: true });
  return Object.freeze(definition) as unknown as D;
}

function configured(definition: Definition, raw: RawConfig): Configured {
  parseConfig(definition, raw);
  return { definition, config: raw };
}

/** A function of its own for each call: `create` may answer the same one for several configs, and others may use that one inline. */
function ownOperator<A, B>(made: BatchOperator<A, B>): BatchOperator<A, B> {
  const own: BatchOperator<A, B> = (batches) => made(batches);
  const step = stepOf(made);
  return step === undefined ? own : withStep(own, step);
}

function remember<T extends object>(stage: T, definition: Definition, config: RawConfig): T {
  origins.set(stage, { definition, config });
  return stage;
}
