import type { ConfigTopic } from '../store/config-topic.ts';

/** Where connectors are kept that outlive their worker: by name, in the order in which they were made. */
export type ConnectorStore = Pick<ConfigTopic, 'connectors' | 'put' | 'remove'>;
