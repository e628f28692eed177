import { asyncScheduler } from 'rxjs';
import { workerErrors } from '../errors/worker.ts';
import { type Driver, kafkaDriver } from '../kafka/driver.ts';
import type { ConnectorContext, Resource, TaskContext } from '../sdk/context.ts';
import type { Logger } from '../telemetry/log.ts';
import { pluginLog } from '../telemetry/plugin-log.ts';

/** What a pipeline's plugins are lent to decide about its work. */
export function connectorContext(pipeline: string, driver: Driver, log: Logger): ConnectorContext {
  const lent = new Map<string, unknown>([[kafkaDriver.id, driver]]);
  return {
    connector: pipeline,
    log: pluginLog(log.child({ connector: pipeline })),
    resource: <T>({ id }: Resource<T>): T => {
      if (!lent.has(id)) throw workerErrors.NO_RESOURCE({ pipeline, resource: id });
      // The key carries the type of what is kept under its id.
      return lent.get(id) as T;
    },
  };
}

/** What the plugins of one task are lent. */
export const taskContext = (context: ConnectorContext, task: number, log: Logger): TaskContext => ({
  ...context,
  task,
  log: pluginLog(log.child({ connector: context.connector, task })),
  scheduler: asyncScheduler,
});
