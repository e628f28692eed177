/** Defaults of client properties, by Java name: of a client by itself. */
export const clientDefaults = {
  'metadata.max.age.ms': 300_000,
  acks: 'all',
  'compression.type': 'none',
  'linger.ms': 5,
  'batch.size': 131_072,
  'delivery.timeout.ms': 120_000,
  'auto.offset.reset': 'latest',
  'isolation.level': 'read_uncommitted',
  'fetch.max.bytes': 16 * 1024 * 1024,
  'fetch.max.wait.ms': 500,
  'max.partition.fetch.bytes': 1024 * 1024,
} as const;

/**
 * The same for connectors. Offsets and times are as Connect sets them. What comes in batches need not wait for more, and large batches cost
 * both sides less.
 */
export const connectorDefaults = {
  ...clientDefaults,
  'linger.ms': 0,
  'batch.size': 1024 * 1024,
  'delivery.timeout.ms': 2_147_483_647,
  'auto.offset.reset': 'earliest',
} as const;
