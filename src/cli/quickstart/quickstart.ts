import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../config/config-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import { kafkaErrors } from '../../errors/kafka.ts';
import type { Driver } from '../../kafka/driver.ts';
import { type BrokerAt, ownBroker } from '../broker.ts';
import { exitCode } from '../report.ts';
import { type StopSignal, stopSignal } from '../stop-signal.ts';
import { connectors, topic } from './connectors.ts';
import { generateLines } from './generate-lines.ts';
import { type Leg, measureLeg, sinkLeg, sourceLeg } from './legs.ts';
import { nextSteps } from './next-steps.ts';
import { watchMemory } from './peak-memory.ts';
import { bytesText, countText, legLine, memoryLine } from './report-lines.ts';
import { type Scan, scanAsText, scanLines } from './scan-lines.ts';

export interface QuickstartOptions extends BrokerAt {
  /** Input of the user's own; without it `lines` lines are generated. */
  readonly file?: string | undefined;
  readonly lines: number;
  readonly keep: boolean;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Carries a file of lines through a topic into another file, says how fast that was, and proves that both are equal. Answers the exit code. */
export async function quickstart({ file, lines, keep, ...at }: QuickstartOptions): Promise<number> {
  const { data, bootstrap } = at;
  if (file !== undefined) refuseUnreadable(file);
  const folder = emptyFolder(data);
  const stop = stopSignal(() => process.stderr.write('sluice: ending the quickstart\n'));
  try {
    const input = file ?? join(folder, 'in.txt');
    if (file === undefined) await generateLines(input, lines);
    const expected = await inputOf(input);
    say(`input            ${countText(expected.lines)} lines, ${bytesText(expected.bytes)}: ${input}`);
    const output = join(folder, 'out.txt');
    await carry({ folder, at, keep, input, output, expected, stop });
    if (stop.signal.aborted) return stop.exitCode() ?? exitCode.failure;
    await compare(input, output, expected);
    if (bootstrap === undefined) say(nextSteps(folder, keep));
    return exitCode.ok;
  } finally {
    stop.release();
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

function refuseUnreadable(file: string): void {
  if (!existsSync(file)) throw cliErrors.INPUT_MISSING({ file });
  if (statSync(file).isDirectory()) throw cliErrors.INPUT_UNREADABLE({ file, reason: 'it is a folder' });
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw cliErrors.INPUT_UNREADABLE({ file, reason: reasonOf(error) }, error);
  }
}

/** What an earlier quickstart left is removed; a folder of something else is not touched. */
function emptyFolder(data: string): string {
  const folder = join(data, 'quickstart');
  if (existsSync(folder) && !existsSync(join(folder, 'source.json'))) throw cliErrors.FOLDER_TAKEN({ folder });
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'source.json'), '');
  } catch (error) {
    throw kafkaErrors.STORE_FOLDER({ folder: data, reason: error instanceof Error ? error.message : String(error) }, error);
  }
  return folder;
}

/** The input as the file source cuts it into lines. */
async function inputOf(file: string): Promise<Scan> {
  const raw = await scanLines(file);
  const scan = raw.foreign ? await scanAsText(file) : raw;
  if (scan.lines === 0) throw cliErrors.INPUT_WITHOUT_LINES({ file });
  if (scan.rest > 0)
    say(`note             the last ${bytesText(scan.rest)} have no line end yet: a file source waits for it, so they stay out`);
  if (raw.foreign)
    say('note             line ends other than \\n, or bytes that are no UTF-8: compared as the lines of text that they mean');
  return scan;
}

interface Journey {
  readonly folder: string;
  /** Its data folder is `folder`. */
  readonly at: BrokerAt;
  readonly keep: boolean;
  readonly input: string;
  readonly output: string;
  readonly expected: Scan;
  readonly stop: StopSignal;
}

/** One way after the other, so that the CPU seconds of each can be told apart. */
async function carry({ folder, at, keep, input, output, expected, stop }: Journey): Promise<void> {
  const { bootstrap } = at;
  // A cluster is shared: what an earlier run or somebody else has there is not touched.
  const name = bootstrap === undefined ? topic : `sluice-quickstart-${randomUUID().slice(0, 8)}`;
  const { source, sink } = connectors(input, output, name);
  for (const [role, config] of Object.entries({ source, sink })) {
    const json = join(folder, `${role}.json`);
    writeFileSync(json, `${JSON.stringify(config, null, 2)}\n`);
    say(`${role.padEnd(17)}${config['connector.class']}, a Kafka Connect config: ${json}`);
  }
  const peak = watchMemory();
  await ownBroker({ ...at, data: folder }, async (driver) => {
    const admin = await driver.admin();
    // Made here: where topics have several partitions by default, lines would not stay in order.
    await admin.createTopics([{ name, partitions: 1 }]);
    await admin.close();
    const legs: readonly Leg[] = [sourceLeg(source, name, expected.lines), sinkLeg(sink, output, expected)];
    for (const leg of legs) {
      const measured = await measureLeg(leg, driver, stop.signal);
      if (!stop.signal.aborted) say(legLine(leg.name, expected, measured));
    }
    if (bootstrap !== undefined && !keep) await tidy(driver, name);
  });
  say(memoryLine(peak()));
}

/** Leaves the cluster as it was, but for one key in the offsets topic. */
async function tidy(driver: Driver, name: string): Promise<void> {
  const admin = await driver.admin();
  await admin.deleteTopics([name]);
  await admin.deleteGroups([`connect-${name}-sink`]);
  await admin.close();
}

async function compare(input: string, output: string, expected: Scan): Promise<void> {
  const written = await scanLines(output);
  say(`sha256           ${expected.sha256}  ${input}`);
  say(`                 ${written.sha256}  ${output}`);
  if (written.sha256 !== expected.sha256 || written.rest > 0) throw cliErrors.FILES_DIFFER({ input, output });
  say('                 equal: every line arrived once, in order');
}
