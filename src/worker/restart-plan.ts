import type { ConnectorStatus } from './connectors.ts';
import type { ManagedTask } from './managed-task.ts';

/** The status, with what is to restart as RESTARTING. */
export function restartPlan(status: ConnectorStatus, tasks: readonly ManagedTask[], instance: boolean): ConnectorStatus {
  const again = <S extends { readonly state: string }>(part: S) => ({ ...part, state: 'RESTARTING' as const });
  return {
    ...status,
    connector: instance ? again(status.connector) : status.connector,
    tasks: status.tasks.map((task) => (tasks.some(({ id }) => id === task.id) ? again(task) : task)),
  };
}
