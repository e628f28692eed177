import { RestError } from '../errors/rest-error.ts';
import type { KeptConnector } from '../store/config-state.ts';
import type { ConfigTopic } from '../store/config-topic.ts';
import type { Connectors, TargetState } from './connectors.ts';

/** What is kept of connectors: by name, in the order in which they were made. */
export type ConnectorStore = Pick<ConfigTopic, 'connectors' | 'put' | 'remove'>;

/**
 * The same connectors, whose configs and target states outlive the worker: a change is stored before its caller is told that it was made.
 */
export function keepConnectors(worker: Connectors, store: ConnectorStore): Connectors {
  const save = (name: string, change: Partial<KeptConnector>): Promise<void> =>
    store.put(name, { config: worker.config(name), target: store.connectors.get(name)?.target ?? 'STARTED', ...change });
  const aim = (target: TargetState, change: (name: string) => Promise<void>) => async (name: string) => {
    await change(name);
    await save(name, { target });
  };
  /** A config that is good is the connector's from then on, also where the connector fails to start with it (500). */
  const configure = async <T>(name: string, target: Partial<KeptConnector>, change: () => Promise<T>): Promise<T> => {
    try {
      const answer = await change();
      await save(name, target);
      return answer;
    } catch (error) {
      if (error instanceof RestError && error.status === 500 && worker.names().includes(name)) await save(name, target);
      throw error;
    }
  };
  return {
    get workerId() {
      return worker.workerId;
    },
    get events() {
      return worker.events;
    },
    get ready() {
      return worker.ready;
    },
    names: () => worker.names(),
    info: (name) => worker.info(name),
    config: (name) => worker.config(name),
    tasks: (name) => worker.tasks(name),
    status: (name) => worker.status(name),
    taskStatus: (name, task) => worker.taskStatus(name, task),
    create: (name, config, target = 'STARTED') => configure(name, { target }, () => worker.create(name, config, target)),
    put: (name, config) => configure(name, {}, () => worker.put(name, config)),
    patch: (name, changes) => configure(name, {}, () => worker.patch(name, changes)),
    async remove(name) {
      await worker.remove(name);
      await store.remove(name);
    },
    pause: aim('PAUSED', (name) => worker.pause(name)),
    resume: aim('STARTED', (name) => worker.resume(name)),
    stop: aim('STOPPED', (name) => worker.stop(name)),
    restart: (name, request) => worker.restart(name, request),
    restartTask: (name, task) => worker.restartTask(name, task),
    offsets: (name) => worker.offsets(name),
    alterOffsets: (name, changes) => worker.alterOffsets(name, changes),
    resetOffsets: (name) => worker.resetOffsets(name),
    topics: (name) => worker.topics(name),
    resetTopics: (name) => worker.resetTopics(name),
    close: () => worker.close(),
  };
}
