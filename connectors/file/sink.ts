import { concat, defer, EMPTY, map } from 'rxjs';
import { type ConnectRecord, defineSink, type Sink, writeInOrder } from 'sluice/sdk';
import { AppendFile } from './append-file.ts';
import { fileSinkConfig } from './config.ts';
import { LineEncoder } from './line-encoder.ts';
import { StandardOutput } from './standard-output.ts';

/** What lines are written to. One write at a time. */
interface LineTarget {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Appends the text of each value, and a newline, to a file or to standard output. */
export const fileSink = defineSink({
  name: 'file',
  aliases: ['org.apache.kafka.connect.file.FileStreamSinkConnector', 'FileStreamSinkConnector', 'FileStreamSink'],
  summary: 'Appends values as lines to a file or to standard output.',
  config: fileSinkConfig,
  alterOffsets: () => [true],
  open: ({ file, 'file.fsync': fsync }, { log }) =>
    defer(
      async (): Promise<LineTarget> => (file === null || file === '' ? new StandardOutput() : AppendFile.open(file, { fsync, log })),
    ).pipe(map(lineSink)),
});

function lineSink(target: LineTarget): Sink<ConnectRecord> {
  const encoder = new LineEncoder();
  const writer = writeInOrder<ConnectRecord>((records) => target.write(encoder.encode(records)), { maxRecords: 10_000 });
  return {
    next: (batch) => writer.next(batch),
    flush: (reason) => writer.flush?.(reason),
    close: () =>
      concat(
        defer(() => writer.close?.() ?? EMPTY),
        defer(() => target.close()),
      ),
  };
}
