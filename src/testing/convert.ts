import { configException } from '../errors/connect-error.ts';
import { connectConverters } from '../graph/connect-converters.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { Converter, ConverterRole, SchemaAndValue } from '../sdk/converter.ts';
import { Waiting } from '../sdk/converter.ts';
import { loadPlugins, type OwnPlugins } from './load-plugins.ts';

/** What is converted: a key, a value, or the header of a name. */
export interface Converted {
  readonly topic: string;
  readonly role: ConverterRole;
  /** Of a header. */
  readonly header?: string;
}

/** The bytes that the converters of a connector config write; `null`: none, a tombstone. */
export async function convertFrom(
  config: RawConfig,
  { topic, role, header = '', schema, value }: Converted & SchemaAndValue,
  own: OwnPlugins = {},
): Promise<Uint8Array | null> {
  const converter = await converterOf(config, role, own);
  const payload = await ready(() =>
    role === 'header' ? required(converter.fromConnectHeader?.(topic, header, schema, value)) : converter.fromConnect(topic, schema, value),
  );
  return typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
}

/** The schema and value that the converters of a connector config read; `null`: neither. */
export async function convertTo(
  config: RawConfig,
  { topic, role, header = '', bytes }: Converted & { readonly bytes: Uint8Array | null },
  own: OwnPlugins = {},
): Promise<SchemaAndValue | null> {
  const converter = await converterOf(config, role, own);
  return ready(() => (role === 'header' ? required(converter.toConnectHeader?.(topic, header, bytes)) : converter.toConnect(topic, bytes)));
}

/** As a connector gets it: `value.converter` with its settings, for headers Connect's default. */
async function converterOf(config: RawConfig, role: ConverterRole, own: OwnPlugins): Promise<Converter> {
  const { plugin, config: settings } = connectConverters(config, {}).refs[role];
  const found = (await loadPlugins([{ kind: 'converter', name: plugin }], own)).find('converter', plugin);
  if ('error' in found) throw found.error;
  const parsed = found.definition.config.parse({ ...settings, 'converter.type': role });
  if (parsed.value === undefined) throw configException(parsed.problems[0]?.message ?? '');
  return found.definition.create(parsed.value, role);
}

async function ready<T>(ask: () => T | Waiting): Promise<T> {
  for (;;) {
    const answer = ask();
    if (!(answer instanceof Waiting)) return answer;
    await new Promise<void>((resolve, reject) => answer.ready.subscribe({ complete: resolve, error: reject }));
  }
}

function required<T>(answer: T | undefined): T {
  if (answer === undefined) throw configException('The converter does not convert headers.');
  return answer;
}
