import { referencesIn } from '../../config/config-references.ts';
import { cliErrors } from '../../errors/cli.ts';
import type { ConnectorConfig, Runnable } from '../../worker/compiled-of.ts';

/** What a connector may ask of a worker, and what becomes of that without one. */
const workerOnly: Readonly<Record<string, { readonly value: string; readonly instead: string }>> = {
  'restart.policy': { value: 'on-failure', instead: 'a task that fails ends sluice run. A worker starts it again' },
  'task.isolation': { value: 'dedicated', instead: 'all tasks of sluice run share a thread. A worker gives it one' },
};

/**
 * Refuses connectors that mean something else without a worker: a reference to a config provider would be taken literally.
 *
 * `tell` is told of keys that have no effect.
 */
export function withoutWorker(file: string, pipelines: readonly Runnable[], tell: (sentence: string) => void): void {
  for (const config of pipelines.filter(isConnector)) {
    const [found] = referencesIn(config);
    if (found !== undefined) throw cliErrors.RUN_REFERENCE({ file, ...found });
    for (const [key, { value, instead }] of Object.entries(workerOnly)) {
      if (config[key] === value) tell(noEffect(file, `${key}=${value}`, instead));
    }
  }
}

/** For a connector file that names the state to begin in. */
export const stateWithoutWorker = (file: string, state: 'PAUSED' | 'STOPPED'): string =>
  noEffect(file, `initial_state=${state}`, 'sluice run starts what it is given. A worker keeps it');

const noEffect = (file: string, setting: string, instead: string): string =>
  `${file}: ${setting} has no effect here: ${instead}: sluice standalone`;

const isConnector = (pipeline: Runnable): pipeline is ConnectorConfig => 'connector.class' in pipeline;
