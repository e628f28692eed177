/**
 * Kills a worker with SIGKILL in the middle of file → topic → file, starts it again, and counts what arrived: no line may be missing.
 * Then does the same to a build with a planted bug (it commits what has not settled), which must lose lines.
 *
 * `npm run chaos -- --rounds 20`
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killRound, type Round } from './kill-round.ts';
import { patchedCopy } from './patched-copy.ts';
import { commitsTooEarly, oneWriteAtATime } from './planted-bug.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, lines: { type: 'string', default: '200000' } } });
const rounds = Number(values.rounds);
const lines = Number(values.lines);
/** Rounds in which the planted bug must have lost something; a kill may miss the moment. */
const plantedRounds = 20;

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-chaos-'));
const copy = patchedCopy(root, commitsTooEarly, oneWriteAtATime);

try {
  await soundBuild();
  await plantedBuild();
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(copy, { recursive: true, force: true });
}

async function soundBuild(): Promise<void> {
  const repeated = { source: 0, sink: 0 };
  for (let i = 1; i <= rounds; i++) {
    const { end, exitCode, ...round } = await countedRound(root);
    console.log(`round ${i}: ${sentence({ end, ...round })}`);
    check(end.missing === 0, `${end.missing} lines are lost`);
    check(end.foreign === 0, `${end.foreign} lines are there that nobody sent`);
    check(end.torn <= 1, `${end.torn} lines are torn by one kill`);
    check(exitCode === 130, `the worker ended with ${exitCode} after SIGINT`);
    repeated.source += round.repeated.source;
    repeated.sink += round.repeated.sink;
  }
  check(repeated.source + repeated.sink > 0, 'no line came twice in any round: the kills did not hit records in flight');
  console.log(`${rounds} rounds: no line lost; came twice: ${repeated.source} into the topic, ${repeated.sink} more into the file`);
}

async function plantedBuild(): Promise<void> {
  for (let i = 1; i <= plantedRounds; i++) {
    const { end } = await countedRound(copy);
    if (end.missing === 0) continue;
    console.log(`a build that commits before it settles: found in round ${i}, ${end.missing} lines lost`);
    return;
  }
  check(false, `a build that commits before it settles lost nothing in ${plantedRounds} rounds: this test proves nothing`);
}

/** A round in which the kill came while lines were under way on both sides; others are done again. */
async function countedRound(build: string): Promise<Round> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const round = join(folder, 'round');
    mkdirSync(round);
    const result = await killRound({ root: build, folder: round, lines });
    rmSync(round, { recursive: true });
    if (result.atKill.inFlight) return result;
    console.log(`not counted: ${sentence(result)}`);
  }
  throw new Error('five kills in a row did not hit records in flight');
}

function sentence({ atKill, repeated, end }: Omit<Round, 'exitCode'>): string {
  const at = `killed with ${atKill.produced} produced and ${atKill.written} written of ${lines}`;
  return `${at}; came twice: ${repeated.source} into the topic, ${repeated.sink} more into the file; lost: ${end.missing}`;
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
