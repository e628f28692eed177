import { cliErrors } from '../../errors/cli.ts';
import type { Driver, OutRecord } from '../../kafka/driver.ts';

export interface WriteOptions {
  readonly topic: string;
  /** Splits a line into key and value; without it there is no key. */
  readonly keySeparator?: string | undefined;
  readonly partition?: number | undefined;
}

/** Appends every line of the input as a record, bytes unchanged; answers how many. A last line needs no newline. */
export async function writeTopic(
  driver: Driver,
  { topic, keySeparator, partition }: WriteOptions,
  input: AsyncIterable<Uint8Array>,
): Promise<number> {
  const admin = await driver.admin();
  const [described] = await admin.describeTopics([topic]);
  await admin.close();
  if (described === undefined) throw cliErrors.TOPIC_UNKNOWN({ topic });
  const separator = keySeparator === undefined ? undefined : Buffer.from(keySeparator);
  const producer = await driver.producer();
  let count = 0;
  try {
    for await (const lines of linesOf(input)) {
      // Lines of one chunk stay together and in order; chunks take turns.
      const to = partition ?? 0;
      const [answer] = await producer.send([{ topic, partition: to, records: lines.map((line) => recordOf(line, separator)) }]);
      if (answer?.error) throw answer.error;
      count += lines.length;
    }
  } finally {
    await producer.close();
  }
  return count;
}

function recordOf(line: Buffer, separator: Buffer | undefined): OutRecord {
  const at = separator === undefined ? -1 : line.indexOf(separator);
  if (separator === undefined || at < 0) return { key: null, value: line };
  return { key: line.subarray(0, at), value: line.subarray(at + separator.length) };
}

/** The complete lines of each chunk, without their newline. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let rest = Buffer.alloc(0);
  for await (const chunk of input) {
    const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, start)) {
      lines.push(text.subarray(start, end));
      start = end + 1;
    }
    rest = text.subarray(start);
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [rest];
}
