import { kafkaErrors } from '../../errors/kafka.ts';
import { DriverError, type DriverErrorKind, type TopicPartition } from '../driver.ts';

/** Primary result codes of SQLite that a user can meet. */
const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const;

/** The primary result code of an error of node:sqlite; `undefined` for any other error. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

export const isBusy = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return code === SQLITE.BUSY || code === SQLITE.LOCKED;
};

/** An error of the store as one that names the file and a remedy. Errors that are not SQLite's pass unchanged. */
export function storeError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const reason = (error as Error).message;
  if (code === SQLITE.CORRUPT || code === SQLITE.NOTADB) return kafkaErrors.STORE_CORRUPT({ file, reason }, error);
  if (code === SQLITE.FULL) return kafkaErrors.STORE_FULL({ file }, error);
  if (code === SQLITE.READONLY) return kafkaErrors.STORE_READ_ONLY({ file }, error);
  if (code === SQLITE.IOERR || code === SQLITE.CANTOPEN) return kafkaErrors.STORE_IO({ file, reason }, error);
  return error;
}

/** A record batch that does not read back as it was written. */
export function corruptBatch(error: unknown, file: string, where: string): unknown {
  if (!(error instanceof DriverError)) return error;
  return kafkaErrors.STORE_CORRUPT({ file, reason: `the batch of ${where} does not read back (${error.message})` }, error);
}

/** The same at the port: what a producer, consumer or admin of the embedded broker rejects with. What may pass has the code of Kafka's full disks. */
export function atPort(error: unknown): DriverError {
  if (error instanceof DriverError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const retriable = error instanceof Error && 'retriable' in error && error.retriable === true;
  if (retriable) return new DriverError('retriable', message, { cause: error, code: KAFKA_CODE.storage });
  return new DriverError('fatal', message, { cause: error });
}

export const closedError = (what: string): DriverError =>
  new DriverError('fatal', `The ${what} of the embedded broker is closed. Open a new one.`);

/** Kafka's error codes that the embedded broker answers with. */
const KAFKA_CODE = {
  outOfRange: 1,
  unknownTopic: 3,
  tooLarge: 10,
  invalidTopic: 17,
  invalidPartitions: 37,
  invalidConfig: 40,
  invalidRequest: 42,
  storage: 56,
  invalidRecord: 87,
};

const refusal =
  (kind: DriverErrorKind, code: number) =>
  (message: string): DriverError =>
    new DriverError(kind, message, { code });

/** One factory per refusal, each with Kafka's code. */
export const refuse = {
  outOfRange: refusal('out-of-range', KAFKA_CODE.outOfRange),
  unknownTopic: refusal('unknown-topic', KAFKA_CODE.unknownTopic),
  /** Of a topic that is there. */
  unknownPartition: ({ topic, partition }: TopicPartition): DriverError =>
    new DriverError('unknown-topic', `Topic ${topic} has no partition ${partition}.`, { code: KAFKA_CODE.unknownTopic, ofRecord: true }),
  tooLarge: refusal('too-large', KAFKA_CODE.tooLarge),
  invalidTopic: refusal('invalid', KAFKA_CODE.invalidTopic),
  invalidPartitions: refusal('invalid', KAFKA_CODE.invalidPartitions),
  invalidConfig: refusal('invalid', KAFKA_CODE.invalidConfig),
  invalidRequest: refusal('invalid', KAFKA_CODE.invalidRequest),
  invalidRecord: refusal('invalid', KAFKA_CODE.invalidRecord),
} as const;
