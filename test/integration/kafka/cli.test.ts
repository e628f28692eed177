import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Driver } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sluice = ['--conditions=source', join(root, 'src/cli/main.js')];
const MINUTES = 60_000;

describeKafka('the command line on a broker', () => {
  let broker: SharedBroker;
  let driver: Driver;
  let folder: string;
  beforeAll(async () => {
    broker = await sharedBroker();
    driver = await openKafka({ bootstrap: broker.bootstrap });
    folder = mkdtempSync(join(tmpdir(), 'sluice-cli-kafka-'));
  }, 10 * MINUTES);
  afterAll(async () => {
    await driver?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('quickstart carries lines through a topic in order, though topics have two partitions there, and tidies up', {
    timeout: MINUTES,
  }, async () => {
    const args = ['quickstart', '--lines', '30_000', '--bootstrap', broker.bootstrap, '--data', folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...sluice, ...args], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr: stderr.replaceAll(/^\{"progress".*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('equal: every line arrived once, in order');
    const admin = await driver.admin();
    expect((await admin.listTopics()).filter((topic) => topic.startsWith('sluice-quickstart-'))).toEqual([]);
    expect((await admin.listGroups()).filter((group) => group.startsWith('connect-sluice-quickstart-'))).toEqual([]);
  });

  test('run copies a file to a topic and the topic to a file until a signal, and has committed then', { timeout: MINUTES }, async () => {
    const admin = await driver.admin();
    await admin.createTopics([{ name: 'cli-run', partitions: 1 }]);
    const [input, output] = [join(folder, 'in.txt'), join(folder, 'out.txt')];
    writeFileSync(input, 'one\ntwo\nthree\n');
    const text = 'org.apache.kafka.connect.storage.StringConverter';
    const converters = { 'key.converter': text, 'value.converter': text };
    const source = { ...converters, name: 'cli-in', 'connector.class': 'FileStreamSource', file: input, topic: 'cli-run' };
    const sink = { ...converters, name: 'cli-out', 'connector.class': 'FileStreamSink', file: output, topics: 'cli-run' };
    const files = Object.entries({ source, sink }).map(([name, config]) => {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(config));
      return join(folder, `${name}.json`);
    });
    const child = spawn(process.execPath, [...sluice, 'run', ...files, '--bootstrap', broker.bootstrap], { stdio: 'ignore' });
    const written = () => (existsSync(output) ? readFileSync(output, 'utf8') : '');
    await vi.waitFor(() => expect(written()).toBe('one\ntwo\nthree\n'), { timeout: 30_000, interval: 20 });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143, null]);
    expect(await admin.groupOffsets('connect-cli-out')).toEqual(new Map([['cli-run-0', 3]]));
  });
});
