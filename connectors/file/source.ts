import { EMPTY, from, map, mergeMap, Observable, of, type SchedulerLike, switchMap, takeUntil } from 'rxjs';
import {
  type ConnectRecord,
  type Demand,
  defineSource,
  noHeaders,
  pollOnDemand,
  type SourceBatch,
  type SourceContext,
  type SourceOffset,
  type SourcePartition,
  stringSchema,
} from 'sluice/sdk';
import type { ByteInput } from './byte-input.ts';
import { checkOffsets } from './check-offsets.ts';
import { type FileSourceConfig, fileSourceConfig } from './config.ts';
import { fileErrors } from './errors.ts';
import { FollowedFile } from './followed-file.ts';
import { GzipFile } from './gzip-file.ts';
import { LineReader } from './line-reader.ts';
import { LineSplitter, type Lines } from './line-splitter.ts';
import { StandardInput } from './standard-input.ts';

/** The lines of a file or of standard input, one record each. */
export const fileSource = defineSource({
  name: 'file',
  aliases: ['org.apache.kafka.connect.file.FileStreamSourceConnector', 'FileStreamSourceConnector', 'FileStreamSource'],
  summary: 'Reads the lines of a file or of standard input, and follows it as it grows.',
  config: fileSourceConfig,
  alterOffsets: ({ file }, changes) => {
    checkOffsets(file, changes);
    return [true];
  },
  open: (config, context): Observable<SourceBatch<ConnectRecord>> => {
    const partition = { filename: config.file };
    return context.offsets([partition]).pipe(
      switchMap(([offset]) => follow(config, context, partition, positionOf(config.file ?? '', offset))),
      takeUntil(context.ending),
    );
  },
});

const follow = (config: FileSourceConfig, context: SourceContext, partition: SourcePartition, position: number) =>
  new Observable<SourceBatch<ConnectRecord>>((subscriber) => {
    const file = config.file ?? '';
    const maxLineBytes = config['max.line.bytes'];
    const tooLong = (at: number) => fileErrors.LINE_TOO_LONG({ file, position: at, limit: maxLineBytes });
    const input = inputOf(file, position, context);
    subscriber.add(() => void input.close());
    const reader = new LineReader(input, new LineSplitter({ position, maxLineBytes, tooLong }));
    const make = file === '' ? unplaced : placed;
    const batchOf = (lines: Lines) => make(recordsOf(lines, config.topic, context.scheduler), lines, partition);
    const poll = ({ records }: Demand) => {
      const max = Math.max(1, Math.min(records, config['batch.size']));
      const ready = reader.ready(max);
      if (ready !== undefined) return [batchOf(ready)];
      return from(reader.next(max)).pipe(mergeMap((lines) => (lines === undefined ? EMPTY : of(batchOf(lines)))));
    };
    const demand = context.demand.pipe(map(({ records, room }): Demand => ({ records: Math.min(records, room(partition)), room })));
    subscriber.add(pollOnDemand(demand, poll, context).subscribe(subscriber));
  });

const inputOf = (file: string, position: number, { log, scheduler }: SourceContext): ByteInput => {
  if (file === '') return new StandardInput();
  return new (file.endsWith('.gz') ? GzipFile : FollowedFile)({ file, position, log, scheduler });
};

function positionOf(file: string, offset: SourceOffset | null | undefined): number {
  const position = offset?.position ?? 0;
  if (file === '') return 0;
  if (typeof position === 'number' && Number.isSafeInteger(position) && position >= 0) return position;
  throw fileErrors.OFFSET_TYPE({ file, position });
}

function recordsOf({ values }: Lines, topic: string, scheduler: SchedulerLike): ConnectRecord[] {
  const timestamp = scheduler.now();
  return values.map((value) => ({
    topic,
    partition: null,
    keySchema: null,
    key: null,
    valueSchema: stringSchema,
    value,
    timestamp,
    headers: noHeaders,
    offset: -1,
    origin: null,
  }));
}

type MakeBatch = (records: ConnectRecord[], lines: Lines, partition: SourcePartition) => SourceBatch<ConnectRecord>;

/** Standard input cannot be read again: its records have no offset. */
const unplaced: MakeBatch = (records, { bytes }, partition) => ({ records, partition, bytes });

const placed: MakeBatch = (records, { ends, bytes }, partition) => ({ records, partition, bytes, offsetAt: offsetsAt(ends) });

/** Of a scope of its own: it outlives the records. */
const offsetsAt = (ends: Float64Array) => (index: number) => ({ position: ends[index] });
