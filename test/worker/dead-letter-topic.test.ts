import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { EmbeddedDriver } from '../../src/kafka/embedded/embedded-driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import { deadLetterCases } from './dead-letter-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-dead-'));
let driver: EmbeddedDriver;
beforeAll(async () => {
  driver = await openEmbedded({ dataDir: folder, cleanUpEveryMs: 0 });
});
afterAll(async () => {
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

deadLetterCases(() => driver);
