/**
 * Asks a real worker process all that its own OpenAPI document allows, and more, by schemathesis. Of Sluice's own endpoints nothing may be a 5xx
 * or undeclared; of those of Kafka Connect, a 5xx only where Connect gives one (the document says where).
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SluiceFolder } from '../../cli/sluice-process.ts';
import { pythonWith } from './python-packages.ts';

const run = promisify(execFile);
const examples = process.argv[2] ?? '30';

const ownChecks = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';
const connectChecks = 'status_code_conformance,content_type_conformance,response_schema_conformance';

interface Round {
  readonly name: string;
  readonly arguments: readonly string[];
}

const rounds: readonly Round[] = [
  // Streams do not end, so that there is nothing to compare.
  { name: "Sluice's own", arguments: ['--include-tag', 'sluice', '--exclude-path', '/events', '--checks', ownChecks] },
  { name: "Kafka Connect's", arguments: ['--include-tag', 'connect', '--checks', connectChecks] },
];

const folder = new SluiceFolder();
let failed = 0;
try {
  const command = await pythonWith('schemathesis==4.32.5');
  const url = await folder.run(['standalone', folder.write('worker.properties', 'listeners=http://127.0.0.1:0\n')]).url();
  for (const round of rounds) {
    const options = [
      '--phases',
      'examples,coverage,fuzzing',
      '--max-examples',
      examples,
      '--seed',
      '1',
      '--no-color',
      '--generation-deterministic',
    ];
    const result = await run(command('schemathesis'), ['run', `${url}/openapi.json`, ...round.arguments, ...options], {
      cwd: folder.path,
      maxBuffer: 64 * 1024 * 1024,
    }).then(
      ({ stdout }) => ({ good: true, stdout }),
      (error: { readonly stdout?: string; readonly message: string }) => ({ good: false, stdout: error.stdout || error.message }),
    );
    if (!result.good) failed++;
    const cases = /(\d+) generated/.exec(result.stdout)?.[1] ?? 'no';
    console.log(`${result.good ? 'ok  ' : 'FAIL'} ${round.name}: ${cases} requests`);
    if (!result.good) console.log(result.stdout);
  }
  const { status } = await fetch(`${url}/health`);
  console.log(`the worker is ${status === 200 ? 'healthy' : `ill (${status})`} after it`);
  if (status !== 200) failed++;
} finally {
  await folder.remove();
}
process.exitCode = failed > 0 ? 1 : 0;
