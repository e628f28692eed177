import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { DriverError } from '../../../src/kafka/driver.ts';
import { decodeAssignment, decodeSubscription } from '../../../src/kafka/kafkajs/consumer/consumer-protocol.ts';
import { splitAnswer } from '../../../src/kafka/kafkajs/consumer/split-answer.ts';
import { Frames } from '../../../src/kafka/kafkajs/frames.ts';
import * as acls from '../../../src/kafka/kafkajs/requests/acls.ts';
import * as configs from '../../../src/kafka/kafkajs/requests/configs.ts';
import * as fetch from '../../../src/kafka/kafkajs/requests/fetch.ts';
import * as findCoordinator from '../../../src/kafka/kafkajs/requests/find-coordinator.ts';
import * as groupOffsets from '../../../src/kafka/kafkajs/requests/group-offsets.ts';
import * as groups from '../../../src/kafka/kafkajs/requests/groups.ts';
import * as initProducerId from '../../../src/kafka/kafkajs/requests/init-producer-id.ts';
import * as membership from '../../../src/kafka/kafkajs/requests/membership.ts';
import * as metadata from '../../../src/kafka/kafkajs/requests/metadata.ts';
import * as offsets from '../../../src/kafka/kafkajs/requests/offsets.ts';
import * as produce from '../../../src/kafka/kafkajs/requests/produce.ts';
import * as topics from '../../../src/kafka/kafkajs/requests/topics.ts';
import * as transaction from '../../../src/kafka/kafkajs/requests/transaction.ts';
import { WireReader } from '../../../src/kafka/kafkajs/wire.ts';
import { decodeBatches, encodeBatch, encodeControlBatch } from '../../../src/kafka/record-batch/index.ts';
import type { Random } from '../../chaos/seeded-random.ts';
import { mutate, resealed } from './mutate.ts';

/** Something that reads what others wrote, and valid bytes to begin with. */
export interface Subject {
  readonly name: string;
  readonly samples: readonly Buffer[];
  read(bytes: Buffer): void;
  /** What is done to changed bytes, for some of them. */
  readonly seal?: (bytes: Buffer) => Buffer;
}

interface Reading {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  read(reader: WireReader): unknown;
}
const modules = [
  ...[acls, configs, fetch, findCoordinator, groupOffsets, groups, initProducerId, membership],
  ...[metadata, offsets, produce, topics, transaction],
];
const isRequest = (value: unknown): value is Reading =>
  typeof value === 'object' && value !== null && 'read' in value && 'version' in value;
const requests = modules.flatMap((module) => Object.values(module).filter(isRequest));

const recorded = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as Record<string, readonly string[]>;
/** Asked only when a leader has changed. */
const offsetForLeaderEpoch = Buffer.from('000000000000000100017400000001000000000000000000030000000000000007', 'hex');

const BATCH_HEADER = 61;
/** Decompressed records of one batch. Small: what is between it and the default of 256 MiB costs only time. */
const MOST_BYTES = 1024 * 1024;

/** Reads everything that is in the record batches: no record may throw later. */
function readRecords(records: Buffer, aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[]): void {
  const { portions } = splitAnswer({ records, aborted }, 0);
  for (const { batches, from } of portions) {
    const context = { topic: 't', partition: 0, fromOffset: from, checkCrc: false, maxDecompressedBytes: MOST_BYTES };
    for (const record of decodeBatches(batches, context).records) {
      const parts = [record.offset, record.timestamp, record.keyText(), record.valueText(), record.key, record.value, record.headers];
      if (parts.length !== 7) throw new Error('unreachable');
    }
  }
}

const answers: readonly Subject[] = requests.map((request) => ({
  name: request.name,
  samples:
    request === offsets.offsetForLeaderEpoch
      ? [offsetForLeaderEpoch]
      : (recorded[`${request.key}/${request.version}`] ?? []).map((text) => Buffer.from(text, 'base64')),
  read(bytes) {
    const answer = request.read(new WireReader(bytes));
    if (request === fetch.fetchRecords)
      for (const part of fetch.fetchRecords.read(new WireReader(bytes)).partitions)
        readRecords(part.records ?? Buffer.alloc(0), part.aborted);
    if (answer === undefined) throw new Error('there is no answer');
  },
}));

const headers = [
  ['key', 'value'],
  ['key', null],
  ['', new Uint8Array(20)],
] as const;
const sampleRecords = Array.from({ length: 12 }, (_, i) => ({
  key: i % 3 === 0 ? null : `key ${i}`,
  value: i % 5 === 0 ? null : 'x'.repeat(17 * i),
  headers: i % 2 === 0 ? headers : [],
  timestamp: 1_700_000_000_000 + 977 * i,
}));
const producer = { id: 1n, epoch: 0, baseSequence: 0 };
const batches: readonly Buffer[] = [
  ...(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).map(
    (compression) => encodeBatch(sampleRecords, { now: 0, compression, producer, transactional: true }).bytes,
  ),
  encodeControlBatch({ type: 'abort', producer, timestamp: 0 }).bytes,
  ...bombs(),
];

/** Batches whose records grow a thousandfold. */
function bombs(): readonly Buffer[] {
  const zeros = Buffer.alloc(16 * 1024 * 1024);
  const template = (compression: 'gzip' | 'zstd') =>
    encodeBatch([{ key: null, value: 'v' }], { now: 0, compression }).bytes.subarray(0, BATCH_HEADER);
  return [Buffer.concat([template('gzip'), gzipSync(zeros)]), Buffer.concat([template('zstd'), zstdCompressSync(zeros)])].map(resealed);
}

const subscription = Buffer.from('00030000000200016100026262ffffffff0000000000000005', 'hex');
const assignment = Buffer.from('0000000000010001740000000200000000000000010000', 'hex');

export const subjects: readonly Subject[] = [
  ...answers,
  { name: 'record batches', samples: batches, read: (bytes) => readRecords(bytes, [{ producerId: 1n, firstOffset: 0 }]), seal: resealed },
  { name: 'subscription', samples: [subscription], read: (bytes) => void decodeSubscription(bytes) },
  { name: 'assignment', samples: [assignment], read: (bytes) => void decodeAssignment(bytes) },
  {
    name: 'frames',
    samples: [Buffer.from('0000000800000001aaaaaaaa0000000400000002', 'hex')],
    read(bytes) {
      const frames = new Frames(() => {});
      for (let at = 0; at < bytes.length; at += 7) frames.push(bytes.subarray(at, at + 7));
    },
  },
];

export interface Outcome {
  readonly read: number;
  readonly refused: number;
  readonly slowestMs: number;
}

/** Reads so many mutants of a subject. Throws, with the bytes, at anything but a `DriverError` of kind `invalid`. */
export function fuzz(subject: Subject, mutations: number, random: Random): Outcome {
  let [read, refused, slowestMs] = [0, 0, 0];
  for (let i = 0; i < mutations; i++) {
    const changed = mutate(subject.samples[i % subject.samples.length] ?? Buffer.alloc(0), random);
    const bytes = subject.seal !== undefined && random(3) > 0 ? subject.seal(Buffer.from(changed)) : changed;
    const start = performance.now();
    try {
      subject.read(bytes);
      read++;
    } catch (error) {
      if (!(error instanceof DriverError && error.kind === 'invalid'))
        throw new Error(`${subject.name} reads ${bytes.toString('base64').slice(0, 4_000)}`, { cause: error });
      refused++;
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  return { read, refused, slowestMs };
}
