import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import { openEmbedded } from '../../../src/kafka/index.ts';
import { driverContract } from '../../../src/testing/driver-contract.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-contract-'));
const driver = await openEmbedded({ dataDir });
afterAll(async () => {
  await driver.close();
  rmSync(dataDir, { recursive: true });
});

describe('the embedded driver keeps the contract of the port:', () => {
  const cases = driverContract(async () => ({ driver, compact: () => driver.cleanUp(), close: () => Promise.resolve() }));
  for (const { name, run } of cases)
    test(name, async ({ skip }) => {
      const skipped = await run();
      skip(skipped !== undefined, skipped?.skipped);
    });
});
