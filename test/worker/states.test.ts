import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConnectorEvent, connectorTable, newConnector, nextConnector } from '../../src/worker/connector-state.ts';
import { newTask, nextTask, type PauseReason, type TaskEvent, type TaskLife, taskTable } from '../../src/worker/task-state.ts';

const spec = readFileSync(new URL('../../src/worker/TASK.md', import.meta.url), 'utf8');

/** The table behind a mark of the spec page. */
function specified(mark: string): Record<string, Record<string, string>> {
  const lines = (spec.split(`<!-- ${mark} -->`)[1] ?? '').trim().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  const [header = [], , ...rows] = lines.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return Object.fromEntries(
    rows.map(([state = '', ...cells]) => [state, Object.fromEntries(cells.map((next, at) => [header[at + 1] ?? '', next]))]),
  );
}

describe('the spec page', () => {
  test('shows the table of tasks', () => expect(specified('task')).toEqual(taskTable));
  test('shows the table of connectors', () => expect(specified('connector')).toEqual(connectorTable));
});

const taskEvents: readonly TaskEvent[] = [
  { kind: 'started' },
  { kind: 'pause', reason: 'user' },
  { kind: 'pause', reason: 'rebalance' },
  { kind: 'resume', reason: 'user' },
  { kind: 'resume', reason: 'rebalance' },
  { kind: 'failed', trace: 'first' },
  { kind: 'failed', trace: 'second' },
  { kind: 'restart' },
  { kind: 'ended' },
];

/** The same machine told without a table: what a user would say about a task. */
interface Told {
  opened: boolean;
  restarting: boolean;
  trace: string | undefined;
  reasons: Set<PauseReason>;
}

class Happens implements fc.Command<Told, { life: TaskLife }> {
  readonly event: TaskEvent;
  constructor(event: TaskEvent) {
    this.event = event;
  }
  check = () => true;
  toString = () => JSON.stringify(this.event);

  run(told: Told, real: { life: TaskLife }): void {
    this.tell(told);
    real.life = nextTask(real.life, this.event);
    const { state, trace, pausedBy } = real.life;
    expect(trace, 'T2').toBe(told.trace);
    expect(state === 'FAILED', 'T2, T3').toBe(told.trace !== undefined);
    expect([...pausedBy].sort(), 'T4').toEqual([...told.reasons].sort());
    expect(state === 'PAUSED', 'T1').toBe(told.opened && told.reasons.has('user'));
    expect(state === 'RUNNING', 'T1').toBe(told.opened && !told.reasons.has('user'));
    expect(state === 'RESTARTING').toBe(told.restarting);
  }

  tell(told: Told): void {
    const { event } = this;
    if (event.kind === 'pause') told.reasons.add(event.reason);
    if (event.kind === 'resume') told.reasons.delete(event.reason);
    if (event.kind === 'restart') Object.assign(told, { opened: false, restarting: true, trace: undefined });
    if (told.trace !== undefined) return;
    if (event.kind === 'started') Object.assign(told, { opened: true, restarting: false });
    if (event.kind === 'failed') Object.assign(told, { opened: false, restarting: false, trace: event.trace });
    if (event.kind === 'ended') Object.assign(told, { opened: false, restarting: false });
  }
}

describe('a task', () => {
  test('whatever happens, is in the state that a user expects (T1, T2, T3, T4)', () => {
    const commands = fc.commands(
      taskEvents.map((event) => fc.constant(new Happens(event))),
      { maxCommands: 40 },
    );
    fc.assert(
      fc.property(commands, (each) => {
        const setup = () => ({
          model: { opened: false, restarting: false, trace: undefined, reasons: new Set<PauseReason>() },
          real: { life: newTask() },
        });
        fc.modelRun(setup, each);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same object when an event says nothing new', () => {
    const life = nextTask(newTask(['user']), { kind: 'started' });
    expect(life.state).toBe('PAUSED');
    expect(nextTask(life, { kind: 'pause', reason: 'user' })).toBe(life);
    expect(nextTask(life, { kind: 'started' })).toBe(life);
  });

  test('that a rebalance pauses takes nothing, and is RUNNING all the same', () => {
    const life = nextTask(nextTask(newTask(), { kind: 'started' }), { kind: 'pause', reason: 'rebalance' });
    expect(life).toEqual({ state: 'RUNNING', pausedBy: new Set(['rebalance']), trace: undefined });
  });
});

describe('a connector', () => {
  const kinds = ['started', 'paused', 'stopped', 'failed', 'restart', 'ended'] as const;
  const eventOf = (kind: ConnectorEvent['kind']): ConnectorEvent => (kind === 'failed' ? { kind, trace: 'why' } : { kind });

  test('whatever happens, has a trace exactly while it is FAILED, and leaves that by a restart or a stop only (T2, T3)', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 30 }), (happened) => {
        let life = newConnector;
        for (const kind of happened) {
          const before = life;
          life = nextConnector(life, eventOf(kind));
          expect(life.trace !== undefined).toBe(life.state === 'FAILED');
          if (before.state === 'FAILED' && life !== before) expect(['restart', 'stopped']).toContain(kind);
        }
      }),
    );
  });
});
