import { DriverError, type DriverErrorKind } from '../driver.ts';

/** Kafka's error codes that mean something to a producer, a consumer or a member: name, and what can be done. */
const codes: Readonly<Record<number, readonly [name: string, kind: DriverErrorKind]>> = {
  [-1]: ['UNKNOWN_SERVER_ERROR', 'fatal'],
  1: ['OFFSET_OUT_OF_RANGE', 'out-of-range'],
  2: ['CORRUPT_MESSAGE', 'retriable'],
  3: ['UNKNOWN_TOPIC_OR_PARTITION', 'unknown-topic'],
  4: ['INVALID_FETCH_SIZE', 'invalid'],
  5: ['LEADER_NOT_AVAILABLE', 'retriable'],
  6: ['NOT_LEADER_OR_FOLLOWER', 'retriable'],
  7: ['REQUEST_TIMED_OUT', 'retriable'],
  8: ['BROKER_NOT_AVAILABLE', 'retriable'],
  9: ['REPLICA_NOT_AVAILABLE', 'retriable'],
  10: ['MESSAGE_TOO_LARGE', 'too-large'],
  12: ['OFFSET_METADATA_TOO_LARGE', 'invalid'],
  13: ['NETWORK_EXCEPTION', 'retriable'],
  14: ['COORDINATOR_LOAD_IN_PROGRESS', 'retriable'],
  15: ['COORDINATOR_NOT_AVAILABLE', 'retriable'],
  16: ['NOT_COORDINATOR', 'retriable'],
  17: ['INVALID_TOPIC_EXCEPTION', 'invalid'],
  18: ['RECORD_LIST_TOO_LARGE', 'too-large'],
  19: ['NOT_ENOUGH_REPLICAS', 'retriable'],
  20: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retriable'],
  21: ['INVALID_REQUIRED_ACKS', 'invalid'],
  22: ['ILLEGAL_GENERATION', 'rebalance'],
  23: ['INCONSISTENT_GROUP_PROTOCOL', 'fatal'],
  24: ['INVALID_GROUP_ID', 'invalid'],
  25: ['UNKNOWN_MEMBER_ID', 'rebalance'],
  26: ['INVALID_SESSION_TIMEOUT', 'invalid'],
  27: ['REBALANCE_IN_PROGRESS', 'rebalance'],
  29: ['TOPIC_AUTHORIZATION_FAILED', 'auth'],
  30: ['GROUP_AUTHORIZATION_FAILED', 'auth'],
  31: ['CLUSTER_AUTHORIZATION_FAILED', 'auth'],
  32: ['INVALID_TIMESTAMP', 'invalid'],
  33: ['UNSUPPORTED_SASL_MECHANISM', 'auth'],
  34: ['ILLEGAL_SASL_STATE', 'auth'],
  35: ['UNSUPPORTED_VERSION', 'invalid'],
  36: ['TOPIC_ALREADY_EXISTS', 'invalid'],
  37: ['INVALID_PARTITIONS', 'invalid'],
  38: ['INVALID_REPLICATION_FACTOR', 'invalid'],
  39: ['INVALID_REPLICA_ASSIGNMENT', 'invalid'],
  40: ['INVALID_CONFIG', 'invalid'],
  41: ['NOT_CONTROLLER', 'retriable'],
  42: ['INVALID_REQUEST', 'invalid'],
  43: ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'invalid'],
  44: ['POLICY_VIOLATION', 'invalid'],
  45: ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'abortable'],
  46: ['DUPLICATE_SEQUENCE_NUMBER', 'abortable'],
  47: ['INVALID_PRODUCER_EPOCH', 'fenced'],
  48: ['INVALID_TXN_STATE', 'abortable'],
  49: ['INVALID_PRODUCER_ID_MAPPING', 'abortable'],
  51: ['CONCURRENT_TRANSACTIONS', 'retriable'],
  52: ['TRANSACTION_COORDINATOR_FENCED', 'fenced'],
  53: ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'auth'],
  56: ['KAFKA_STORAGE_ERROR', 'retriable'],
  58: ['SASL_AUTHENTICATION_FAILED', 'auth'],
  59: ['UNKNOWN_PRODUCER_ID', 'abortable'],
  60: ['REASSIGNMENT_IN_PROGRESS', 'retriable'],
  68: ['NON_EMPTY_GROUP', 'invalid'],
  69: ['GROUP_ID_NOT_FOUND', 'invalid'],
  70: ['FETCH_SESSION_ID_NOT_FOUND', 'retriable'],
  73: ['TOPIC_DELETION_DISABLED', 'invalid'],
  74: ['FENCED_LEADER_EPOCH', 'retriable'],
  75: ['UNKNOWN_LEADER_EPOCH', 'retriable'],
  76: ['UNSUPPORTED_COMPRESSION_TYPE', 'invalid'],
  78: ['OFFSET_NOT_AVAILABLE', 'retriable'],
  79: ['MEMBER_ID_REQUIRED', 'rebalance'],
  81: ['GROUP_MAX_SIZE_REACHED', 'fatal'],
  82: ['FENCED_INSTANCE_ID', 'fenced'],
  86: ['GROUP_SUBSCRIBED_TO_TOPIC', 'invalid'],
  87: ['INVALID_RECORD', 'invalid'],
  88: ['UNSTABLE_OFFSET_COMMIT', 'retriable'],
  89: ['THROTTLING_QUOTA_EXCEEDED', 'retriable'],
  90: ['PRODUCER_FENCED', 'fenced'],
  100: ['UNKNOWN_TOPIC_ID', 'unknown-topic'],
  103: ['INCONSISTENT_TOPIC_ID', 'retriable'],
};

/** What means something else to a reader: a broker's own error passes, such as a failed read of remote storage; a damaged log stays so. */
const ofReaders: Readonly<Record<number, readonly [kind: DriverErrorKind, detail?: string]>> = {
  [-1]: ['retriable'],
  2: ['invalid', 'its log is damaged there: seek to a later offset'],
};

/** `brokerError` for what is asked in order to read. */
export function readingError(code: number, what: string): DriverError | undefined {
  const [kind, detail] = ofReaders[code] ?? [];
  const error = brokerError(code, what, detail);
  return error === undefined || kind === undefined ? error : new DriverError(kind, error.message, { code });
}

/** What the broker's refusal of something means; undefined for code 0. Codes that are not in the table are fatal. */
export function brokerError(code: number, what: string, detail?: string | null): DriverError | undefined {
  if (code === 0) return undefined;
  const [name, kind] = codes[code] ?? [`error ${code}`, 'fatal'];
  return new DriverError(kind, `The broker refuses ${what}: ${name}${detail ? ` (${detail})` : ''}.`, { code });
}

/** Throws what a broker's code stands for, unless that is success. */
export function throwCode(code: number, what: string): void {
  const failed = brokerError(code, what);
  if (failed !== undefined) throw failed;
}
