/** Replays the recorded REST conversations against a standalone worker and prints how each endpoint did: npm run test:rest. */
import { ofSameOnBoth, onStandalone, sameOnBoth } from './expected-failures.ts';
import { replay, tableOf } from './replay.ts';
import { startStandalone } from './standalone-worker.ts';

const worker = await startStandalone(process.env.BOOTSTRAP);
try {
  const rounds = [await replay('standalone.json', worker), await replay('standalone.json', worker)];
  const same = await replay('distributed.json', { ...worker, only: sameOnBoth });
  const replays = [...rounds, same];
  console.log(tableOf(replays));
  const reasons = { ...onStandalone, ...ofSameOnBoth };
  const failed = replays.flatMap((each) => Object.entries(each.failed));
  for (const [id, difference] of failed) console.log(`${id}: ${Object.hasOwn(reasons, id) ? reasons[id] : difference}`);
  const passed = replays.reduce((sum, each) => sum + each.passed, 0);
  const unexpected = failed.filter(([id]) => !Object.hasOwn(reasons, id)).length;
  console.log(`${passed} passed, ${failed.length} failed, ${unexpected} of them unexpectedly`);
  if (unexpected > 0) process.exitCode = 1;
} finally {
  await worker.close();
}
