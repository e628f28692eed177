/** Checks all recorded answers of the reference implementation: npm run test:vectors. VECTORS=dir takes another directory of the format. */
import { pathToFileURL } from 'node:url';
import { checkAll, readVectors } from './check-all.ts';

const given = process.env.VECTORS;
const directory = given === undefined ? new URL('../vectors/', import.meta.url) : pathToFileURL(`${given}/`);
const tallies = await checkAll(readVectors(directory));

for (const { differences } of tallies) for (const { id, difference } of differences) console.log(`${id}: ${difference}`);
console.log(`${'kind'.padEnd(10)} ${'family'.padEnd(24)} ${'passed'.padStart(7)} ${'failed'.padStart(7)}`);
for (const { kind, family, passed, differences } of tallies) {
  const counts = `${String(passed).padStart(7)} ${String(differences.length).padStart(7)}`;
  console.log(`${kind.padEnd(10)} ${family.padEnd(24)} ${counts}`);
}
const sum = (count: (tally: (typeof tallies)[number]) => number): number => tallies.reduce((total, tally) => total + count(tally), 0);
const [passed, failed] = [sum((t) => t.passed), sum((t) => t.differences.length)];
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
