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
    async create(name, config, target = 'STARTED') {
      const info = await worker.create(name, config, target);
      await save(name, { target });
      return info;
    },
    async put(name, config) {
      const answer = await worker.put(name, config);
      await save(name, {});
      return answer;
    },
    async patch(name, changes) {
      const info = await worker.patch(name, changes);
      await save(name, {});
      return info;
    },
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
