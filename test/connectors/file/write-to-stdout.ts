/** Run by the tests of the sink: writes two records to standard output, and says on standard error how they ended. */
import { fileSink } from '../../../connectors/file/index.ts';
import { probeSink } from '../../../src/testing/probe-sink.ts';
import { record } from '../../../src/testing/records.ts';

const sink = await probeSink(fileSink, { config: {} });
sink.write([record('one'), record('two')]);
await sink.settled();
const [outcome] = sink.outcomes.values();
const [failure] = sink.failures;
process.stderr.write(`${failure === undefined ? outcome?.kind : `failed: ${failure}`}\n`);
await sink.close();
