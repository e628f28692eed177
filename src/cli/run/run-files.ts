import { embeddedConverters } from '../../config/worker-keys.ts';
import { type BrokerAt, ownBroker } from '../broker.ts';
import { pluginsOf } from '../plugins/plugins-on-path.ts';
import { showProgress } from '../progress.ts';
import { exitCode } from '../report.ts';
import { stopSignal } from '../stop-signal.ts';
import { loadPipelines } from './load-pipelines.ts';
import { runPipelines } from './run-pipelines.ts';
import { Tally } from './tally.ts';

/** Runs what the files hold until it ends or a signal comes; answers the exit code. */
export async function runFiles(
  files: readonly string[],
  options: { readonly at: BrokerAt; readonly pluginPath: string; readonly stopTimeoutMs: number },
): Promise<number> {
  const tell = (sentence: string) => process.stderr.write(`${sentence}\n`);
  const plugins = await pluginsOf(options.pluginPath);
  const pipelines = (await Promise.all(files.map((file) => loadPipelines(file, tell)))).flat();
  // As a standalone worker's: on brokers the connector says what it reads and writes.
  const worker = options.at.bootstrap === undefined ? embeddedConverters : {};
  const stop = stopSignal(() => process.stderr.write('sluice: draining; once more to end at once\n'));
  try {
    await ownBroker(options.at, async (driver) => {
      const tally = new Tally();
      const hide = showProgress(() => tally.progress(driver));
      const { stopTimeoutMs } = options;
      await runPipelines(pipelines, {
        driver,
        worker,
        plugins,
        signal: stop.signal,
        stopTimeoutMs,
        onEvent: (event) => tally.add(event),
      }).finally(hide);
    });
    return stop.exitCode() ?? exitCode.ok;
  } finally {
    stop.release();
  }
}
