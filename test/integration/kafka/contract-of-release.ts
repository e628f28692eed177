/** Runs the contract of drivers on a broker of another release: `node --conditions=source test/integration/kafka/contract-of-release.ts 3.9.1`. */
import { openKafka } from '../../../src/kafka/open-kafka.ts';
import { driverContract } from '../../../src/testing/driver-contract.ts';
import { startBroker } from './broker.ts';

const version = process.argv[2] ?? '3.9.1';
const broker = await startBroker({ version });
let failed = 0;
try {
  const open = async () => {
    const driver = await openKafka({ bootstrap: broker.bootstrap, properties: { 'heartbeat.interval.ms': '200' } });
    return { driver, close: () => driver.close() };
  };
  const cases = driverContract(open);
  for (const { name, run } of cases) {
    try {
      const skipped = await run();
      if (skipped !== undefined) console.log(`skipped: ${name}: ${skipped.skipped}`);
    } catch (error) {
      failed++;
      console.error(`failed: ${name}:`, error);
    }
  }
  console.log(`Kafka ${version}: ${cases.length - failed} of ${cases.length} cases of the contract hold`);
} finally {
  await broker.close();
}
process.exitCode = failed === 0 ? 0 : 1;
