import { javaClassOfError } from '../errors/java-class-of-error.ts';
import { workerErrors } from '../errors/worker.ts';
import type { OutRecord, WireHeaders } from '../kafka/driver.ts';
import type { Failure, Stage } from '../record/outcome.ts';
import type { Origin, RawRecord } from '../record/record.ts';
import { faultOf } from './fault.ts';

/** Whose dead letters they are. */
export interface Sender {
  readonly connector: string;
  readonly task: number;
  /** The class that works at a stage of a node. */
  classAt(node: string, stage: Stage): string | undefined;
}

/** What of a record leads back to what was consumed, whatever operators made of it. */
interface Consumed {
  readonly origin: Origin;
  readonly offset: number;
}

/** Connect's sink tasks have one class in common, which reports on behalf of all. */
const putClass = 'org.apache.kafka.connect.sink.SinkTask';

/**
 * The dead letter of a failed record: what was consumed, byte for byte, with its time and headers; and headers in Kafka Connect's words about
 * where it came from and what went wrong, if wanted.
 *
 * The bytes are copies: they outlive the release of the batch. Throws for a record that was not consumed from a topic.
 */
export function deadLetterOf(record: unknown, failure: Failure, sender: Sender, contextHeaders: boolean): OutRecord {
  const at = consumed(record);
  const raw = at?.origin.raw?.(at.offset);
  if (at === undefined || raw === undefined) throw workerErrors.NO_DEAD_LETTER({ node: failure.node });
  const headers = raw.headers.map(([key, value]) => [key, copyOf(value)] as const);
  return {
    key: copyOf(raw.key),
    value: copyOf(raw.value),
    headers: contextHeaders ? [...headers, ...contextOf(at, failure, sender)] : headers,
    ...timeOf(raw),
  };
}

function contextOf({ origin, offset }: Consumed, { stage, node, error }: Failure, { connector, task, classAt }: Sender): WireHeaders {
  const named: ReadonlyArray<readonly [string, string | null]> = [
    ['topic', origin.topic],
    ['partition', String(origin.partition)],
    ['offset', String(offset)],
    ['connector.name', connector],
    ['task.id', String(task)],
    ['stage', stage],
    ['class.name', stage === 'TASK_PUT' ? putClass : (classAt(node, stage) ?? node)],
    ['exception.class.name', javaClassOfError(error) ?? 'org.apache.kafka.connect.errors.ConnectException'],
    ['exception.message', error instanceof Error ? error.message : String(error)],
    ['exception.stacktrace', faultOf(error).trace],
  ];
  return named.map(([name, text]) => [`__connect.errors.${name}`, text]);
}

function consumed(record: unknown): Consumed | undefined {
  if (typeof record !== 'object' || record === null || !('origin' in record) || !('offset' in record)) return undefined;
  const { origin, offset } = record as Partial<Consumed>;
  return origin && offset !== undefined ? { origin, offset } : undefined;
}

const copyOf = (bytes: Uint8Array | null): Uint8Array | null => bytes && Uint8Array.from(bytes);

const timeOf = ({ timestamp }: RawRecord): { readonly timestamp?: number } => (timestamp < 0 ? {} : { timestamp });
