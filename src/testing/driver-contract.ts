import type { ContractCase } from './contract.ts';
import { adminCases } from './driver/admin-cases.ts';
import { benchOf, type DriverUnderTest } from './driver/bench.ts';
import { compactionCases } from './driver/compaction-cases.ts';
import { consumerCases } from './driver/consumer-cases.ts';
import { flowCases } from './driver/flow-cases.ts';
import { groupCases } from './driver/group-cases.ts';
import { producerCases } from './driver/producer-cases.ts';
import { transactionCases } from './driver/transaction-cases.ts';

/**
 * What every driver of the Kafka port does, as cases for any test runner.
 *
 * `open` is called for each case and may answer with the same broker each time: topics and groups have names of their own. A case is skipped
 * only where the driver's capabilities say so.
 */
export function driverContract(open: () => Promise<DriverUnderTest>): readonly ContractCase[] {
  const cases = [...producerCases, ...transactionCases, ...consumerCases, ...groupCases, ...flowCases, ...adminCases, ...compactionCases];
  return cases.map(({ name, unless, run }) => ({
    name,
    async run() {
      const subject = await open();
      try {
        const skipped = unless?.(subject);
        if (skipped !== undefined) return { skipped };
        await run(await benchOf(subject));
        return undefined;
      } finally {
        await subject.close();
      }
    },
  }));
}
