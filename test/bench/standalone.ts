import { join } from 'node:path';
import { sluiceMain } from './connect/contenders.ts';
import { freeUrl, type RunningWorker, startProcess } from './connect/worker.ts';

/** Starts the built package as a standalone worker on the embedded broker in `home`. */
export async function startStandalone(home: string, settings: Readonly<Record<string, string>> = {}): Promise<RunningWorker> {
  const url = await freeUrl();
  const set = Object.entries({ listeners: url, ...settings }).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const args = [sluiceMain, 'standalone', '--data', join(home, 'data'), ...set];
  return startProcess({ file: process.execPath, args }, url, home);
}

/** An idle source on a file of its own, or a sink that is a group of its own. */
export function idleConnector(kind: string, file: string): Record<string, string> {
  const string = 'org.apache.kafka.connect.storage.StringConverter';
  const converters = { 'key.converter': string, 'value.converter': string };
  if (kind === 'sink') return { 'connector.class': 'FileStreamSink', file, topics: 'lines', ...converters };
  return { 'connector.class': 'FileStreamSource', file, topic: 'lines', ...converters };
}
