import { afterAll } from 'vitest';
import { PluginHost } from '../../src/plugins/host/plugin-host.ts';

const json = 'org.apache.kafka.connect.json.JsonConverter';

/** A plugin host for the tests of a file: its thread starts with the first question, and ends with the file. */
export function hostOfPlugins(modules: readonly string[] = []): PluginHost {
  const host = new PluginHost({
    properties: { 'key.converter': json, 'value.converter': json },
    mode: { mode: 'standalone' },
    modules,
  });
  afterAll(() => host.close());
  return host;
}
