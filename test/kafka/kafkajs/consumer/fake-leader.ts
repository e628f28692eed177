import type { InBatch } from '../../../../src/kafka/driver.ts';
import { KafkaConsumer } from '../../../../src/kafka/kafkajs/consumer/consumer.ts';
import type { Broker, RawCall } from '../../../../src/kafka/kafkajs/internals.ts';
import type { Link } from '../../../../src/kafka/kafkajs/link.ts';
import { readByTopic, writeByTopic } from '../../../../src/kafka/kafkajs/requests/by-topic.ts';
import { WireReader, WireWriter } from '../../../../src/kafka/kafkajs/wire.ts';
import { encodeBatch } from '../../../../src/kafka/record-batch/index.ts';

const TOPIC = 't';

/** One record batch of a log, with one record. */
interface Entry {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A broker that leads all partitions of topic t, answers readers as Kafka does, and fails as the test says. */
export class FakeLeader {
  /** What metadata tells of every partition. */
  epoch = 0;
  /** Where its log of an older epoch ends, by epoch; -1 where it does not know the epoch. */
  readonly endOfEpoch = new Map<number, number>();
  /** What the group has committed, by partition. */
  readonly committed = new Map<number, { readonly offset: number; readonly epoch: number }>();
  /** What commits said, in the order of partitions. */
  readonly commits: (readonly [partition: number, offset: number, epoch: number])[] = [];
  /** How many more commits of a partition are refused, since its topic is not known. */
  readonly unknown = new Map<number, number>();
  /** Epochs that it was asked about. */
  readonly checks: (readonly [partition: number, epoch: number])[] = [];
  /** What fetches of a partition are refused with until it is deleted. */
  readonly refusals = new Map<number, number>();
  /** Partitions of every fetch. */
  readonly fetches: (readonly number[])[] = [];
  /** Bytes of records in all answers. */
  sentBytes = 0;
  /** What the client logs. */
  readonly lines: string[] = [];
  /** Questions for leaders. */
  learned = 0;
  readonly #logs = new Map<number, Entry[]>();
  readonly #opened: KafkaConsumer[] = [];

  append(partition: number, value: string, partitionLeaderEpoch = this.epoch): void {
    const log = this.#logs.get(partition) ?? [];
    const { bytes } = encodeBatch([{ key: null, value }], { now: 0, baseOffset: log.length, partitionLeaderEpoch });
    log.push({ offset: log.length, bytes });
    this.#logs.set(partition, log);
  }

  /** A reader of these partitions, closed by `close`. */
  read(partitions: readonly number[], options: Partial<ConstructorParameters<typeof KafkaConsumer>[0]> = {}): KafkaConsumer {
    const assigned = partitions.map((partition) => ({ topic: TOPIC, partition }));
    const consumer = new KafkaConsumer({
      link: this.#link(),
      partitions: assigned,
      groupId: undefined,
      reset: 'earliest',
      maxWaitMs: 20,
      ...options,
    });
    this.#opened.push(consumer);
    return consumer;
  }

  close(): Promise<unknown> {
    return Promise.all(this.#opened.splice(0).map((consumer) => consumer.close()));
  }

  #link(): Link {
    const broker: Broker = {
      nodeId: 1,
      versions: Object.fromEntries([1, 2, 8, 9, 10, 23].map((key) => [key, { minVersion: 0, maxVersion: 20 }])),
      connectionPool: {
        send: (call) => this.#answer(call),
        getConnection: async () => ({ send: (call) => this.#answer(call) }),
      },
    };
    const link = {
      cluster: { brokerPool: { findConnectedBroker: async () => broker }, findBroker: async () => broker },
      coordinators: new Map(),
      metadata: {
        ask: async () => void this.learned++,
        leader: ({ partition }: { partition: number }) => ({ errorCode: 0, partition, leader: 1, leaderEpoch: this.epoch }),
        broker: async () => broker,
      },
      settings: { retryBackoff: { firstMs: 1, mostMs: 1 }, requestTimeoutMs: 1_000, callTimeoutMs: 1_000, metadataMaxAgeMs: 10_000 },
      closed: new AbortController().signal,
      log: (level: string, message: string) => this.lines.push(`${level} ${message}`),
      close: async () => {},
    };
    return link as unknown as Link;
  }

  async #answer({ request, response }: RawCall): Promise<unknown> {
    const body = new WireReader(Buffer.concat(request.parts?.() ?? []));
    const answers: Readonly<Record<number, (asked: WireReader) => Promise<Buffer> | Buffer>> = {
      1: (asked) => this.#fetch(asked),
      2: (asked) => this.#ends(asked),
      8: (asked) => this.#commit(asked),
      9: () => this.#offsets(),
      10: () => new WireWriter().int32(0).int16(0).string(null).int32(1).bytes,
      23: (asked) => this.#endsOfEpochs(asked),
    };
    const answer = answers[request.apiKey];
    if (answer === undefined) throw new Error(`No answer to ${request.apiName} is known.`);
    return response.decode(await answer(body));
  }

  async #fetch(asked: WireReader): Promise<Buffer> {
    asked.int32();
    const waitMs = asked.int32();
    asked.int32();
    let left = asked.int32();
    asked.int8();
    asked.int32();
    asked.int32();
    const wanted = readByTopic(asked, () => {
      const [partition] = [asked.int32(), asked.int32()];
      const offset = asked.int64();
      asked.int64();
      return { partition, offset, maxBytes: asked.int32() };
    });
    this.fetches.push(wanted.map(({ partition }) => partition));
    const parts = wanted.map(({ partition, offset, maxBytes }) => {
      const part = this.#part(partition, offset, Math.min(left, maxBytes), left > 0);
      left -= part.records.length;
      this.sentBytes += part.records.length;
      return part;
    });
    if (parts.every(({ errorCode, records }) => errorCode === 0 && records.length === 0))
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    const writer = new WireWriter().int32(0).int16(0).int32(0);
    return writeByTopic(writer, parts, ({ partition, errorCode, end, records }) => {
      writer.int32(partition).int16(errorCode).int64(end).int64(end).int64(0);
      writer
        .array([], () => {})
        .int32(-1)
        .bytesField(records);
    }).bytes;
  }

  /** As a broker fills an answer: the first batch however large, whole ones behind it. */
  #part(partition: number, from: number, maxBytes: number, first: boolean) {
    const log = this.#logs.get(partition) ?? [];
    const refused = this.refusals.get(partition);
    const errorCode = refused ?? (from > log.length ? 1 : 0);
    const records: Buffer[] = [];
    let bytes = 0;
    for (const entry of errorCode === 0 ? log.slice(from) : []) {
      if (bytes + entry.bytes.length > maxBytes && !(first && bytes === 0)) break;
      records.push(entry.bytes);
      bytes += entry.bytes.length;
    }
    return { topic: TOPIC, partition, errorCode, end: log.length, records: Buffer.concat(records) };
  }

  #ends(asked: WireReader): Buffer {
    asked.int32();
    asked.int8();
    const wanted = readByTopic(asked, (topic) => {
      const [partition] = [asked.int32(), asked.int32()];
      return { topic, partition, latest: asked.int64() === -1 };
    });
    const writer = new WireWriter().int32(0);
    return writeByTopic(writer, wanted, ({ partition, latest }) => {
      const end = this.#logs.get(partition)?.length ?? 0;
      writer
        .int32(partition)
        .int16(0)
        .int64(-1)
        .int64(latest ? end : 0)
        .int32(this.epoch);
    }).bytes;
  }

  #endsOfEpochs(asked: WireReader): Buffer {
    asked.int32();
    const wanted = readByTopic(asked, (topic) => {
      const [partition] = [asked.int32(), asked.int32()];
      return { topic, partition, epoch: asked.int32() };
    });
    const writer = new WireWriter().int32(0);
    return writeByTopic(writer, wanted, ({ partition, epoch }) => {
      this.checks.push([partition, epoch]);
      const end = this.endOfEpoch.get(epoch) ?? this.#logs.get(partition)?.length ?? 0;
      writer
        .int16(0)
        .int32(partition)
        .int32(end < 0 ? -1 : epoch)
        .int64(end);
    }).bytes;
  }

  #commit(asked: WireReader): Buffer {
    asked.string();
    asked.int32();
    asked.string();
    asked.nullableString();
    const wanted = readByTopic(asked, (topic) => {
      const committed = [asked.int32(), asked.int64(), asked.int32()] as const;
      asked.nullableString();
      this.commits.push(committed);
      return { topic, partition: committed[0] };
    });
    const writer = new WireWriter().int32(0);
    return writeByTopic(writer, wanted, ({ partition }) => {
      const refusals = this.unknown.get(partition) ?? 0;
      this.unknown.set(partition, Math.max(0, refusals - 1));
      writer.int32(partition).int16(refusals > 0 ? 3 : 0);
    }).bytes;
  }

  #offsets(): Buffer {
    const writer = new WireWriter().tags().int32(0);
    writer.compactArray([TOPIC], (_, topic) => {
      writer.compactString(topic).compactArray([...this.committed], (__, [partition, { offset, epoch }]) => {
        writer.int32(partition).int64(offset).int32(epoch).compactString('').int16(0).tags();
      });
      writer.tags();
    });
    return writer.int16(0).tags().bytes;
  }
}

/** Values of the next batches until there are so many; every batch is released. */
export async function valuesOf(consumer: { next(signal?: AbortSignal): Promise<InBatch> }, count: number): Promise<(string | null)[]> {
  const values: (string | null)[] = [];
  while (values.length < count) {
    const batch = await consumer.next(AbortSignal.timeout(5_000));
    values.push(...batch.records.map((record) => record.valueText()));
    batch.release();
  }
  return values;
}
