/**
 * Changes bytes of what brokers answer and of record batches (lengths, counts, varints, checksums, compressed sizes), and reads them: whatever
 * they are, they are read or refused by a typed error, within a bounded time and memory.
 *
 * `npm run fuzz -- kafka 1_000_000 SEED`
 */
import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '../chaos/seeded-random.ts';
import { fuzz, type Subject, subjects } from './kafka/decoders.ts';

const AT_A_TIME = 500;
/** Of one case, and of the whole process. */
const limits = { slowestMs: 2_000, growthMiB: 300 };

const mib = (bytes: number): number => bytes / 2 ** 20;
/** Half of all cases go to record batches, which have the most to them. */
const shareOf = ({ name }: Subject): number => (name === 'record batches' ? 0.5 : 0.5 / (subjects.length - 1));

/** Whether all cases were answered, and within the limits. Throws, with the bytes, at one that did something else. */
export async function fuzzKafka(cases = 1_000_000, seed = 1): Promise<boolean> {
  const before = mib(process.memoryUsage.rss());
  const start = performance.now();
  let [total, most, slowest] = [0, before, 0];
  for (const [at, subject] of subjects.entries()) {
    let [read, refused] = [0, 0];
    for (let left = Math.ceil(cases * shareOf(subject)); left > 0; left -= AT_A_TIME) {
      const outcome = fuzz(subject, Math.min(left, AT_A_TIME), seededRandom(seed + 1_000 * at + left));
      read += outcome.read;
      refused += outcome.refused;
      slowest = Math.max(slowest, outcome.slowestMs);
      // Memory outside the heap is given back in turns of the event loop, as it is where answers arrive.
      await setImmediate();
      most = Math.max(most, mib(process.memoryUsage.rss()));
    }
    total += read + refused;
    console.log(`${subject.name}: ${read} read, ${refused} refused, ${mib(process.memoryUsage.rss()).toFixed(0)} MiB`);
  }
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  const facts = `the slowest took ${slowest.toFixed(0)} ms (limit ${limits.slowestMs}), memory grew by ${(most - before).toFixed(0)} MiB (limit ${limits.growthMiB})`;
  console.log(`${total} cases, seed ${seed}, in ${seconds} s, all read or refused; ${facts}`);
  return slowest <= limits.slowestMs && most - before <= limits.growthMiB;
}
