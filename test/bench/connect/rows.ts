import { fiveTransforms } from '../five-transforms.ts';
import { LINE_BYTES, WRITTEN_ORDER_BYTES } from './contents.ts';

/** A file of lines, or the records of a topic. */
export interface Lines {
  readonly file: string;
  readonly count: number;
  readonly bytes: number;
}

export interface SourceJob {
  readonly row: string;
  readonly config: Readonly<Record<string, string>>;
}

export interface SinkJob extends SourceJob {
  readonly topic: string;
  readonly tasks: number;
  /** Of a line of the file, its end included. */
  readonly lineBytes: number;
}

const json = 'org.apache.kafka.connect.json.JsonConverter';
const asJson = { 'value.converter': json, 'value.converter.schemas.enable': 'false' };

export const sourceJobs: readonly SourceJob[] = [
  { row: 'file → Kafka, String', config: {} },
  { row: 'file → Kafka, Json', config: asJson },
  { row: 'file → Kafka, Json with schemas', config: { 'value.converter': json } },
];

export const sinkTopics = { strings: 'strings', json: 'json', orders: 'orders' } as const;

export const sinkJobs: readonly SinkJob[] = [
  { row: 'Kafka → file, String', topic: sinkTopics.strings, tasks: 1, lineBytes: LINE_BYTES, config: {} },
  { row: 'Kafka → file, Json', topic: sinkTopics.json, tasks: 1, lineBytes: LINE_BYTES, config: asJson },
  { row: 'Kafka → file, String, 2 tasks', topic: sinkTopics.strings, tasks: 2, lineBytes: LINE_BYTES, config: {} },
  { row: 'Kafka → file, String, 4 tasks', topic: sinkTopics.strings, tasks: 4, lineBytes: LINE_BYTES, config: {} },
];

export const chainJob: SinkJob = {
  row: 'Kafka → 5 transforms → file, Json',
  topic: sinkTopics.orders,
  tasks: 1,
  lineBytes: WRITTEN_ORDER_BYTES,
  config: { ...asJson, ...fiveTransforms },
};

/** Once more, when the worker has been at it for a while: these tell how sinks scale with their tasks. */
export const warmSinkJobs: readonly SinkJob[] = sinkJobs
  .filter(({ topic, tasks }) => topic === sinkTopics.strings && tasks <= 2)
  .map((job) => ({ ...job, row: `${job.row}, warm` }));

/** A figure of the table: what of a contender is compared, and how it is to stand to Connect's. */
export interface Row {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
}

const load = [...sourceJobs, ...sinkJobs, ...warmSinkJobs, chainJob].flatMap(({ row }): readonly Row[] => [
  { title: row, unit: 'CPU s per million', digits: 2 },
  { title: row, unit: 'records/s', digits: 0 },
]);

export const rows: readonly Row[] = [
  { title: 'start, cold', unit: 'ms', digits: 0 },
  { title: 'start, warm', unit: 'ms', digits: 0 },
  { title: 'start, warm', unit: 'CPU s', digits: 2 },
  { title: 'idle', unit: 'RSS, MB', digits: 0 },
  { title: 'idle', unit: 'RssAnon, MB', digits: 0 },
  { title: 'idle', unit: '% of a core', digits: 1 },
  ...load,
  { title: 'sink, 1 → 2 tasks', unit: 'times the records/s', digits: 2 },
  { title: 'line → topic, p50', unit: 'ms', digits: 1 },
  { title: 'POST → RUNNING', unit: 'ms', digits: 1 },
  { title: 'DELETE', unit: 'ms', digits: 1 },
  { title: 'stop', unit: 'ms', digits: 0 },
];

export const rowKey = ({ title, unit }: Pick<Row, 'title' | 'unit'>): string => `${title} · ${unit}`;
