import type { PluginRegistry } from '../../plugins/registry.ts';
import type { ConnectorConfig, ConnectorType } from '../connectors.ts';

/** Whether the class of a connector is a source or a sink, by its names alone: nothing is imported. */
export const typeOf =
  (plugins: PluginRegistry) =>
  (config: ConnectorConfig): ConnectorType => {
    const kinds = plugins.kindsOf((config['connector.class'] ?? '').trim());
    const [source, sink] = [kinds.includes('source'), kinds.includes('sink')];
    // One that is both is what has something to read.
    if (source && sink) return 'topics' in config || 'topics.regex' in config ? 'sink' : 'source';
    if (source) return 'source';
    return sink ? 'sink' : 'unknown';
  };
