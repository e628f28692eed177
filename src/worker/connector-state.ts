import type { ConnectorState } from './connectors.ts';

/** Everything that a status needs to know of a connector itself; its tasks have states of their own. See TASK.md. */
export interface ConnectorLife {
  readonly state: ConnectorState;
  /** Why it failed; `undefined` unless it did. */
  readonly trace: string | undefined;
}

export type ConnectorEvent =
  /** It runs, and has divided its work. */
  | { readonly kind: 'started' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly trace: string }
  /** A user, the policy or the loss of its thread makes it begin anew. */
  | { readonly kind: 'restart' }
  /** It was shut down with the worker. */
  | { readonly kind: 'ended' };

type Next = ConnectorState | 'same';

/** The whole table: TASK.md shows it, and a test compares both. A failed connector leaves its state only by a restart or a stop. */
export const connectorTable: Readonly<Record<ConnectorState, Readonly<Record<ConnectorEvent['kind'], Next>>>> = {
  UNASSIGNED: { started: 'RUNNING', paused: 'PAUSED', stopped: 'STOPPED', failed: 'FAILED', restart: 'RESTARTING', ended: 'same' },
  RUNNING: { started: 'same', paused: 'PAUSED', stopped: 'STOPPED', failed: 'FAILED', restart: 'RESTARTING', ended: 'UNASSIGNED' },
  PAUSED: { started: 'RUNNING', paused: 'same', stopped: 'STOPPED', failed: 'FAILED', restart: 'RESTARTING', ended: 'UNASSIGNED' },
  STOPPED: { started: 'RUNNING', paused: 'PAUSED', stopped: 'same', failed: 'FAILED', restart: 'RESTARTING', ended: 'UNASSIGNED' },
  FAILED: { started: 'same', paused: 'same', stopped: 'STOPPED', failed: 'same', restart: 'RESTARTING', ended: 'same' },
  RESTARTING: { started: 'RUNNING', paused: 'PAUSED', stopped: 'STOPPED', failed: 'FAILED', restart: 'same', ended: 'UNASSIGNED' },
};

/** A connector that was just made. */
export const newConnector: ConnectorLife = { state: 'UNASSIGNED', trace: undefined };

/** What an event makes of a connector. The same object when nothing changes. */
export function nextConnector(life: ConnectorLife, event: ConnectorEvent): ConnectorLife {
  const next = connectorTable[life.state][event.kind];
  if (next === 'same') return life;
  return { state: next, trace: event.kind === 'failed' ? event.trace : undefined };
}
