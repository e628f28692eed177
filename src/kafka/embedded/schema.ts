/** Written to the header of the file ("Slce"), so that a foreign database is never taken for a store. */
export const APPLICATION_ID = 0x536c6365;
/** Raised with every change of the tables; a store of a newer version is refused. */
export const SCHEMA_VERSION = 1;

/**
 * Tables of the store.
 *
 * - `partition.topic` is null once the topic is deleted: its batches are removed in steps. Ids are never used twice.
 * - `batch` holds one record batch a row in Kafka's v2 format. It is found by its last offset, since the first batch that ends at or
 *   after a position is the one to read, whatever compaction removed. The index covers everything but the blob.
 * - `batch.delete_horizon` is when compaction may remove the tombstones of a batch.
 * - `last_stable`, `control`, `producer` and `producer_state` carry what transactions need: they are kept, and no transaction is open.
 */
export const SCHEMA = `
CREATE TABLE topic (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE topic_config (
  topic INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (topic, key)
) WITHOUT ROWID;
CREATE TABLE partition (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  topic INTEGER,
  partition INTEGER NOT NULL,
  log_start INTEGER NOT NULL DEFAULT 0,
  next_offset INTEGER NOT NULL DEFAULT 0,
  last_stable INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  compacted_to INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX partition_of ON partition (topic, partition);
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  partition INTEGER NOT NULL,
  base INTEGER NOT NULL,
  last INTEGER NOT NULL,
  max_timestamp INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  control INTEGER NOT NULL DEFAULT 0,
  delete_horizon INTEGER,
  data BLOB NOT NULL
);
CREATE UNIQUE INDEX batch_at ON batch (partition, last, base, max_timestamp, bytes);
CREATE INDEX batch_horizon ON batch (partition, delete_horizon) WHERE delete_horizon IS NOT NULL;
CREATE TABLE group_offset (
  group_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  next_offset INTEGER NOT NULL,
  metadata TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (group_id, topic, partition)
) WITHOUT ROWID;
CREATE TABLE producer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  epoch INTEGER NOT NULL DEFAULT 0,
  transactional_id TEXT UNIQUE
);
CREATE TABLE producer_state (
  partition INTEGER NOT NULL,
  producer INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  last_offset INTEGER NOT NULL,
  PRIMARY KEY (partition, producer)
) WITHOUT ROWID;
`;
