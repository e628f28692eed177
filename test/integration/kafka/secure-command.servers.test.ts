import { afterAll, beforeAll, expect, test } from 'vitest';
import { SluiceFolder } from '../../cli/sluice-process.ts';
import { PASSWORD } from './certificates.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SecureBroker, startSecureBroker, USER } from './secure-broker.ts';

const MINUTES = 60_000;

describeKafka('commands on a cluster that is secured', () => {
  let secure: SecureBroker;
  let folder: SluiceFolder;
  beforeAll(async () => {
    secure = await startSecureBroker();
    folder = new SluiceFolder();
  }, 10 * MINUTES);
  afterAll(async () => {
    await folder?.remove();
    await secure?.close();
  });

  /** As a properties file holds it: a backslash begins an escape. */
  const escaped = (text: string): string => text.replaceAll('\\', '\\\\');
  const login = () =>
    escaped(
      `org.apache.kafka.common.security.plain.PlainLoginModule required username="${USER.name}" password="${USER.password.replaceAll('"', '\\"')}";`,
    );
  const loginOverTls = () =>
    folder.write(
      'client.properties',
      [
        'security.protocol=SASL_SSL',
        'sasl.mechanism=PLAIN',
        `sasl.jaas.config=${login()}`,
        `ssl.truststore.location=${secure.authority.pkcs12}`,
        `ssl.truststore.password=${PASSWORD}`,
      ].join('\n'),
    );
  const ended = async (...args: string[]) => {
    const sluice = folder.run([...args, '--bootstrap', secure.address('LOGIN_TLS')]);
    return { status: await sluice.ended, stdout: sluice.stdout, stderr: sluice.stderr };
  };

  test('topics, run and quickstart log in as --command-config says', { timeout: 2 * MINUTES }, async () => {
    const how = ['--command-config', loginOverTls()];
    expect(await ended('topics', 'create', 'secured', ...how)).toMatchObject({ status: 0, stderr: '' });
    const quickstart = await ended('quickstart', '--lines', '1000', ...how);
    expect(quickstart).toMatchObject({ status: 0, stdout: expect.stringContaining('equal: every line arrived once, in order') });
    folder.write('in.txt', 'one\n');
    const source = { name: 'secured-in', 'connector.class': 'FileStreamSource', file: 'in.txt', topic: 'secured' };
    const converters = { 'key.converter': 'String', 'value.converter': 'String' };
    const file = folder.write('source.json', JSON.stringify({ ...source, ...converters }));
    const running = folder.run(['run', file, ...how, '--bootstrap', secure.address('LOGIN_TLS')]);
    const read = await ended('topics', 'read', 'secured', '--from-beginning', '--follow', '--max', '1', ...how);
    expect(read).toEqual({ status: 0, stdout: 'one\n', stderr: '' });
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(143);
  });

  test('without it the option is named', { timeout: MINUTES }, async () => {
    const { status, stderr } = await ended('topics', 'list');
    expect(status).toBe(1);
    expect(stderr).toMatch(/security\.protocol.* Give such properties in a file: --command-config FILE \[CLI_CLUSTER_REFUSED\]\n$/);
  });
});
