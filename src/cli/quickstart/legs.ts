import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, type Driver, partitionKey } from '../../kafka/driver.ts';
import type { ConnectorConfig } from '../../worker/compiled-of.ts';
import { showProgress } from '../progress.ts';
import { runPipelines } from '../run/run-pipelines.ts';
import type { Scan } from './scan-lines.ts';

/** One way of the journey: a connector, and how to see from outside how far it is. */
export interface Leg {
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly lines: number;
  /** Lines that are at their end. */
  arrived(driver: Driver): Promise<number>;
}

export interface Measured {
  readonly seconds: number;
  /** User and system time of the whole process. */
  readonly cpuSeconds: number;
}

/** How often it is looked whether all has arrived: the error of a measured time. */
const lookMs = 10;
const stopTimeoutMs = 60_000;

/** File → topic: what is in the topic has arrived. */
export const sourceLeg = (config: ConnectorConfig, topic: string, lines: number): Leg => {
  const partition = { topic, partition: 0 };
  // The driver closes it.
  let admin: Promise<Admin> | undefined;
  let known = false;
  return {
    name: 'file → topic',
    config,
    lines,
    arrived: async (driver) => {
      admin ??= driver.admin();
      const client = await admin;
      known ||= (await client.describeTopics([topic])).length > 0;
      return known ? ((await client.offsets([partition], 'latest')).get(partitionKey(partition)) ?? 0) : 0;
    },
  };
};

/** Topic → file: the size of the file tells how much of the lines is there. */
export const sinkLeg = (config: ConnectorConfig, output: string, { lines, bytes }: Scan): Leg => ({
  name: 'topic → file',
  config,
  lines,
  arrived: async () => Math.floor((lines * (statSync(output, { throwIfNoEntry: false })?.size ?? 0)) / bytes),
});

/** Runs a connector until all its lines have arrived and are committed, or a stop is asked for. */
export async function measureLeg(leg: Leg, driver: Driver, signal: AbortSignal): Promise<Measured> {
  const done = new AbortController();
  const hide = showProgress(async () => {
    const records = await leg.arrived(driver);
    return [{ name: leg.name, records, lag: leg.lines - records }];
  });
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const until = AbortSignal.any([signal, done.signal]);
  const run = runPipelines([leg.config], { driver, signal: until, stopTimeoutMs, onEvent: () => {} }).finally(() => done.abort());
  // An error ends the wait below and is thrown after it.
  run.catch(() => undefined);
  while (!until.aborted && (await leg.arrived(driver)) < leg.lines) await sleep(lookMs);
  done.abort();
  await run.finally(hide);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1_000, cpuSeconds: (user + system) / 1e6 };
}
