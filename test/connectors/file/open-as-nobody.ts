/** Run by the tests of the sink: gives up the rights of root, opens a file as sink and as source, and prints what they said. */
import { fileSink, fileSource } from '../../../connectors/file/index.ts';
import { eventually } from '../../../src/testing/contract.ts';
import { probeSink } from '../../../src/testing/probe-sink.ts';
import { probeSource } from '../../../src/testing/probe-source.ts';

const file = process.argv[2] ?? '';
if (process.getuid?.() === 0) {
  process.setgid?.(65534);
  process.setuid?.(65534);
}
const sink = await probeSink(fileSink, { config: { file } }).then(() => 'opened', String);
const probe = probeSource(fileSource, { config: { file, topic: 't' } });
const source = await eventually('the source failed', () => typeof probe.ended === 'object' && String(probe.ended.error));
process.stdout.write(JSON.stringify({ sink, source }));
