import { afterAll } from 'vitest';
import { PluginHost } from '../../src/plugins/host/plugin-host.ts';

const json = 'org.apache.kafka.connect.json.JsonConverter';

/** The plugin host of a test file: its thread starts with the first question, and ends with the file. */
export const pluginHost = new PluginHost({
  properties: { 'key.converter': json, 'value.converter': json },
  mode: { mode: 'standalone' },
  modules: [],
});
afterAll(() => pluginHost.close());
