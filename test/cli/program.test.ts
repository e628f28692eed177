import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const node = ['--conditions=source', main];
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-program-'));
});
afterEach(() => rmSync(data, { recursive: true }));

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
const sluice = (args: readonly string[], input = ''): Answer =>
  spawnSync(process.execPath, [...node, ...args], { encoding: 'utf8', input });

test('version names Sluice and Node.js', () => {
  expect(sluice(['version'])).toMatchObject({ status: 0, stderr: '', stdout: `sluice 0.1.0 (Node.js ${process.version})\n` });
});

test('help goes to standard output and ends with 0', () => {
  const { status, stdout } = sluice(['topics', 'read', '--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('Examples:\n  sluice topics read orders --from-beginning --max 5\n');
});

test('an unknown command ends with 2 and says where help is', () => {
  expect(sluice(['vresion'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: "error: unknown command 'vresion'\n(Did you mean version?)\n(sluice --help shows what there is)\n",
  });
});

test('help of an unknown command names it and ends with 2', () => {
  expect(sluice(['help', 'nope'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: "error: unknown command 'nope'\n(sluice --help shows what there is)\n",
  });
});

test('help of a command of a command is its own', () => {
  const { status, stdout } = sluice(['topics', 'read', '--help']);
  expect(sluice(['help', 'topics', 'read'])).toMatchObject({ status, stdout });
});

test('a wrong value of an option ends with 2', () => {
  expect(sluice(['topics', 'create', 't', '--partitions', '0', '--data', data])).toMatchObject({
    status: 2,
    stderr:
      "error: option '--partitions <N>' argument '0' is invalid. Expected a whole number from 1 up.\n(sluice topics create --help shows what there is)\n",
  });
});

test('a file of client properties is checked before brokers are asked', () => {
  const at = ['topics', 'list', '--bootstrap', '127.0.0.1:1'];
  expect(sluice([...at, '--command-config', join(data, 'none')])).toMatchObject({
    status: 1,
    stderr: `sluice: The client configuration ${join(data, 'none')} cannot be read: there is no such file. Check the path and the rights of this user. [SETTINGS_FILE_UNREADABLE]\n`,
  });
  const file = join(data, 'client.properties');
  writeFileSync(file, 'security.protcol=SSL\nsecurity.protocol=TLS\n');
  const { status, stderr } = sluice([...at, '--command-config', file]);
  expect(status).toBe(1);
  expect(stderr).toContain(`${file}: security.protcol is no property of Kafka clients, and has no effect\n`);
  expect(stderr).toContain('Client property security.protocol is "TLS", and must be one of ');
  expect(sluice(['topics', 'list', '--command-config', file])).toMatchObject({
    status: 1,
    stderr:
      'sluice: --command-config says how brokers are reached, and no brokers are named. Add --bootstrap HOST:PORT. [CLI_NO_BROKERS]\n',
  });
});

test('a distributed worker may be configured by its environment alone', () => {
  const { status, stderr } = sluice(['distributed']);
  expect(status).toBe(1);
  expect(stderr).toContain('The worker configuration (environment) is invalid\n');
  expect(stderr).toContain('at group.id: Missing required configuration "group.id"');
});

test('a failure ends with 1 and one line that says what to do; --debug adds the stack', () => {
  const { status, stderr } = sluice(['topics', 'list', '--data', data]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^sluice: There is no store at .+\. Check the data folder \(--data of a command, data\.dir of a worker\); .+ \[KAFKA_STORE_MISSING\]\n$/,
  );
  expect(sluice(['topics', 'list', '--data', data, '--debug']).stderr).toContain('\n    at ');
});

test('what is written to a topic can be read, also while another process owns the folder', async () => {
  expect(sluice(['topics', 'create', 't', '--data', data])).toMatchObject({ status: 0, stdout: 'Created topic t with 1 partition.\n' });
  expect(sluice(['topics', 'write', 't', '--data', data], 'a\nb\n')).toMatchObject({ status: 0, stderr: '2 records written to t\n' });
  const owner = spawn(process.execPath, [...node, 'topics', 'write', 't', '--data', data], { stdio: ['pipe', 'ignore', 'ignore'] });
  owner.stdin.write('c\n');
  const { stdout } = sluice(['topics', 'read', 't', '--from-beginning', '--follow', '--max', '3', '--data', data]);
  expect(stdout).toBe('a\nb\nc\n');
  expect(sluice(['topics', 'write', 't', '--data', data], 'd\n').stderr).toContain(`is in use by process ${owner.pid}.`);
  owner.stdin.end();
  expect(await once(owner, 'exit')).toEqual([0, null]);
});

test('a reader that has enough ends the command quietly', async () => {
  sluice(['topics', 'create', 't', '--data', data]);
  sluice(['topics', 'write', 't', '--data', data], `${'x'.repeat(100)}\n`.repeat(10_000));
  const reader = spawn(process.execPath, [...node, 'topics', 'read', 't', '--from-beginning', '--data', data], { stdio: 'pipe' });
  let stderr = '';
  reader.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(reader.stdout, 'data');
  reader.stdout.destroy();
  expect(await once(reader, 'exit')).toEqual([0, null]);
  expect(stderr).toBe('');
});
