import type { ConnectRecord } from '../record/record.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConverterDefinition, ConverterRole } from '../sdk/converter.ts';
import type { ConsumedRecord } from '../sdk/decode-records.ts';
import type { EncodedRecord } from '../sdk/encode-records.ts';
import type { ConverterUses, PluginUse } from './graph.ts';

/** A converter: its definition, alone where its config may be empty; or its name. */
export type ConverterChoice =
  | ConverterDefinition
  | { readonly definition: ConverterDefinition; readonly config: RawConfig }
  | { readonly plugin: string; readonly config?: RawConfig };

/** Converters by role. Keys are texts and headers as in Connect, unless said otherwise. */
export interface ConverterChoices {
  readonly key?: ConverterChoice;
  readonly value: ConverterChoice;
  readonly header?: ConverterChoice;
}

/** A stage between records and bytes. */
export interface ConverterStage<A, B> {
  readonly kind: 'decode' | 'encode';
  readonly uses: ConverterUses;
  /** Carries the types only. */
  readonly types?: (record: A) => B;
}

/** Turns what a topic source emits into records: `pipe(decode({ value: jsonConverter }))`. */
export const decode = (converters: ConverterChoices): ConverterStage<ConsumedRecord, ConnectRecord> => ({
  kind: 'decode',
  uses: usesOf(converters),
});

/** Turns records into what a topic sink takes: `pipe(encode({ value: stringConverter }))`. */
export const encode = (converters: ConverterChoices): ConverterStage<ConnectRecord, EncodedRecord> => ({
  kind: 'encode',
  uses: usesOf(converters),
});

const defaults = { key: { plugin: 'string' }, header: { plugin: 'simple-header' } } as const satisfies Partial<
  Record<ConverterRole, ConverterChoice>
>;

const usesOf = ({ key = defaults.key, value, header = defaults.header }: ConverterChoices): ConverterUses => ({
  key: useOf(key),
  value: useOf(value),
  header: useOf(header),
});

function useOf(choice: ConverterChoice): PluginUse<'converter'> {
  if ('plugin' in choice) return { by: 'name', name: choice.plugin, config: choice.config ?? {} };
  if ('definition' in choice) return { by: 'definition', ...choice };
  return { by: 'definition', definition: choice, config: {} };
}
