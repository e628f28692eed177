/** Run by the tests of standard input: prints what a file source without file emits. */
import { fileSource } from '../../../connectors/file/index.ts';
import { eventually } from '../../../src/testing/contract.ts';
import { probeSource } from '../../../src/testing/probe-source.ts';

const probe = probeSource(fileSource, { config: { topic: 't' } });
const ended = await eventually('the source ended', () => probe.ended);
const values = probe.emitted.map(({ record }) => record.value);
process.stdout.write(JSON.stringify({ values, partition: probe.emitted[0]?.partition, offset: probe.emitted[0]?.offset, ended }));
