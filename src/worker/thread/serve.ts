import { createHook } from 'node:async_hooks';
import type { MessagePort } from 'node:worker_threads';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { createLog, setLogLevel } from '../../telemetry/log.ts';
import { saveCompiled } from '../compile-cache.ts';
import { faultOf } from '../fault.ts';
import { driverLender } from '../lend-driver.ts';
import type { FromThread, ThreadSettings, ToThread } from '../messages.ts';
import { Pulse } from '../pulse.ts';
import type { ThreadHost } from './host.ts';

/** By then the plugins of the first work are imported. */
const saveAfterMs = 2_000;

/** Runs what the main thread asks for until it says close. */
export function serve(port: MessagePort, settings: ThreadSettings): void {
  const tell = (message: FromThread): void => port.postMessage(message);
  const log = createLog({ level: settings.logLevel, write: (line) => tell({ kind: 'log', line }) });
  askForStandardInput(() => tell({ kind: 'stdin' }));
  const pulse = new Pulse(settings.pulse);
  setInterval(() => pulse.beat(), settings.beatMs);
  const once = <T>(make: () => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const lend = driverLender(settings.broker, log);
  const plugins = once(() => registryOf(settings.plugins, (error) => log.error({ error }, 'plugin module left out')));
  const crash = (error: unknown): void => {
    log.fatal({ error: faultOf(error).trace }, 'thread ends after an error that belongs to none of its tasks');
    process.exit(1);
  };
  // Imported with the first message: a thread that waits for work holds little.
  const host = once(async () => {
    const { ThreadHost } = await import('./host.ts');
    const made = new ThreadHost({ worker: settings.worker, log, pulse, plugins, lend, tell }, () => process.exit(0));
    markEntries(made, pulse);
    // Whose state is broken cannot be told otherwise: better none of it runs on.
    const uncaught = (error: unknown): void => void (made.uncaught(error) || crash(error));
    process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
    // Liveness counts from here on: how long imports take is the machine's affair.
    tell({ kind: 'ready' });
    setTimeout(saveCompiled, saveAfterMs).unref();
    return made;
  });
  port.on('message', (message: ToThread) => {
    if (message.kind === 'level') setLogLevel(log, message.logLevel);
    else void host().then((made) => made.receive(message));
  });
}

/** Standard input is the process's: it comes here once something on this thread looks at it. */
function askForStandardInput(ask: () => void): void {
  const { stdin } = process;
  let asked = false;
  const get = (): NodeJS.ReadStream => {
    if (!asked) ask();
    asked = true;
    return stdin;
  };
  Object.defineProperty(process, 'stdin', { configurable: true, enumerable: true, get });
}

async function registryOf(modules: readonly string[], failed: (error: unknown) => void): Promise<PluginRegistry> {
  const { PluginRegistry: Registry } = await import('../../plugins/registry.ts');
  if (modules.length === 0) return new Registry();
  const [{ builtins }, { moduleEntries }] = await Promise.all([
    import('../../plugins/builtins.ts'),
    import('../../plugins/module-entries.ts'),
  ]);
  return new Registry([...builtins, ...(await moduleEntries(modules, { failed }))]);
}

/**
 * Tells the main thread whose code is entered, with every callback of a timer or of I/O: it is too late to ask once the thread blocks.
 *
 * Promises are left out, whose callbacks belong to the same run as what resolved them, but for few: the hook costs 0.2 µs a callback.
 */
function markEntries(host: ThreadHost, pulse: Pulse): void {
  const before = () => {
    const run = host.current;
    if (run !== undefined) pulse.enter(run);
  };
  createHook({ before, trackPromises: false }).enable();
}
