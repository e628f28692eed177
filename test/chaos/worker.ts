/**
 * Kills a standalone worker on real Kafka with SIGKILL, or its broker, in the middle of file → topic → file (two sink tasks in one group): no line
 * may be missing, and no record may come twice into the topic because its broker was away. Then a build with a planted bug (it commits what has
 * not settled), which must lose lines.
 *
 * `npm run chaos:worker -- --rounds 20` does all; `--kill worker`, `--kill broker` and `--kill planted` one part each. Needs Java and Maven.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openKafka } from '../../src/kafka/kafkajs/open-kafka.ts';
import { startBroker } from '../integration/kafka/broker.ts';
import { patchedCopy } from './patched-copy.ts';
import { commitsTooEarly } from './planted-bug.ts';
import { type Victim, type WorkerRound, workerRound } from './worker-round.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    lines: { type: 'string', default: '200000' },
    kill: { type: 'string', multiple: true, default: ['worker', 'broker', 'planted'] },
  },
});
const rounds = Number(values.rounds);
const lines = Number(values.lines);
/** Rounds in which the planted bug must have lost something; a kill may miss the moment. */
const plantedRounds = 20;

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-chaos-worker-'));
const broker = await startBroker({ properties: { 'group.min.session.timeout.ms': '500' } });
const driver = await openKafka({ bootstrap: broker.bootstrap });
const admin = await driver.admin();
let topics = 0;

try {
  for (const victim of ['worker', 'broker'] as const) if (values.kill.includes(victim)) await soundBuild(victim);
  if (values.kill.includes('planted')) await plantedBuild();
} finally {
  await driver.close();
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
}

async function soundBuild(victim: Victim): Promise<void> {
  const repeated = { source: 0, sink: 0 };
  for (let i = 1; i <= rounds; i++) {
    const round = await countedRound(root, victim);
    const { end, exitCode } = round;
    console.log(`${victim}, round ${i}: ${sentence(round)}`);
    check(end.missing === 0, `${end.missing} lines are lost:\n${round.said}`);
    check(end.foreign === 0, `${end.foreign} lines are there that nobody sent`);
    check(end.torn <= (victim === 'worker' ? 2 : 0), `${end.torn} lines are torn`);
    check(victim === 'worker' || round.repeated.source === 0, `${round.repeated.source} records came twice into the topic`);
    check(exitCode === 130, `the worker ended with ${exitCode} after SIGINT:\n${round.said}`);
    repeated.source += round.repeated.source;
    repeated.sink += round.repeated.sink;
  }
  check(
    victim === 'broker' || repeated.source + repeated.sink > 0,
    'no line came twice in any round: the kills did not hit records in flight',
  );
  console.log(
    `${victim}, ${rounds} kills of ${lines} lines each: none lost; came twice: ${repeated.source} into the topic, ${repeated.sink} more into the file`,
  );
}

async function plantedBuild(): Promise<void> {
  const copy = patchedCopy(root, commitsTooEarly);
  try {
    for (let i = 1; i <= plantedRounds; i++) {
      const { end } = await countedRound(copy, 'worker');
      if (end.missing === 0) continue;
      console.log(`a build that commits before it settles: found in round ${i}, ${end.missing} lines lost`);
      return;
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  check(false, `a build that commits before it settles lost nothing in ${plantedRounds} rounds: this test proves nothing`);
}

/** A round in which the kill came while lines were under way; others are done again. */
async function countedRound(build: string, victim: Victim): Promise<WorkerRound> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const place = join(folder, 'round');
    mkdirSync(place);
    const round = await workerRound({ root: build, folder: place, broker, admin, topic: `lines-${++topics}`, lines, victim });
    rmSync(place, { recursive: true });
    const { produced, written } = round.atKill;
    if (written > 0 && written < lines && (victim === 'broker' || produced < lines)) return round;
    console.log(`not counted: ${sentence(round)}`);
  }
  throw new Error('five kills in a row did not hit records in flight');
}

function sentence({ atKill, repeated, end }: WorkerRound): string {
  const at = `${atKill.produced} produced and ${atKill.written} written of ${lines}`;
  return `${at}; came twice: ${repeated.source} into the topic, ${repeated.sink} more into the file; lost: ${end.missing}`;
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
