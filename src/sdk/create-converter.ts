import type { RawConfig } from './config.ts';
import { string } from './config-kinds.ts';
import type { Converter, ConverterDefinition, ConverterRole } from './converter.ts';
import { parseConfig } from './define.ts';

/** The key that every converter of Connect has, filled in by the runtime: `...converterKeys` in the declaration of its config. */
export const converterKeys = {
  'converter.type': string({
    oneOf: ['key', 'value', 'header'],
    doc: 'What the converter is used for; the runtime fills it in.',
    importance: 'low',
  }),
};

/** A converter for keys, values or headers from the settings below its prefix, as texts or typed. */
export const createConverter = <C>(definition: ConverterDefinition<C>, settings: RawConfig, role: ConverterRole): Converter =>
  definition.create(parseConfig(definition, { ...settings, 'converter.type': role }), role);
