import { atLeast, boolean, type ConfigDefinition, config, int, notEmpty, string } from 'sluice/sdk';

export const fileSourceConfig = config({
  file: string({
    default: null,
    importance: 'high',
    doc: 'File whose lines are read; compressed by gzip if the name ends in .gz. Without it standard input is read.',
  }),
  topic: string({ importance: 'high', doc: 'Topic of the records.', checks: [notEmpty] }),
  'batch.size': int({ default: 2000, importance: 'low', doc: 'Most lines that are handed on at once.' }),
  'max.line.bytes': int({
    beyondConnect: true,
    default: 1024 * 1024,
    importance: 'low',
    doc: 'Longest line, in bytes without its end. A longer one fails the task: its place is kept, nothing is lost.',
    checks: [atLeast(1)],
  }),
});

export const fileSinkConfig = config({
  file: string({
    default: null,
    importance: 'high',
    doc: 'File that lines are appended to; it is created if need be. Without it they go to standard output.',
  }),
  'file.fsync': boolean({
    beyondConnect: true,
    default: false,
    importance: 'low',
    doc: 'Whether records count as delivered only when the device has them, so that they outlive a loss of power.',
  }),
});

type ConfigFrom<D> = D extends ConfigDefinition<infer C, infer _> ? C : never;
export type FileSourceConfig = ConfigFrom<typeof fileSourceConfig>;
