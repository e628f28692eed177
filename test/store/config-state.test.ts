import { describe, expect, test } from 'vitest';
import { readConfigRecord } from '../../src/store/config-records.ts';
import { ConfigState } from '../../src/store/config-state.ts';

/** Applies records as they stand in a topic; gives the state and what each of them changed. */
function read(...lines: ReadonlyArray<readonly [key: string, value: unknown]>) {
  const state = new ConfigState();
  const changes = lines.map(([key, value]) => {
    const record = readConfigRecord({ key, value: value === null ? null : JSON.stringify(value) });
    return record && state.apply(record);
  });
  return { state, changes };
}
const connector = (name: string, ...more: readonly string[]) =>
  [`connector-${name}`, { properties: Object.fromEntries([['name', name], ...more.map((key) => [key, key])]) }] as const;
const task = (name: string, id: number, about: string) => [`task-${name}-${id}`, { properties: { about } }] as const;
const commit = (name: string, tasks: number) => [`commit-${name}`, { tasks }] as const;

test('a connector is STARTED unless another state was asked for, before or after its config', () => {
  const { state, changes } = read(connector('a'), ['target-state-b', { state: 'PAUSED', 'state.v2': 'STOPPED' }], connector('b'), [
    'target-state-a',
    { state: 'PAUSED' },
  ]);
  expect([...state.connectors].map(([name, { target }]) => [name, target])).toEqual([
    ['a', 'PAUSED'],
    ['b', 'STOPPED'],
  ]);
  expect(changes).toEqual([{ kind: 'connector', name: 'a' }, undefined, { kind: 'connector', name: 'b' }, { kind: 'target', name: 'a' }]);
});

test('a target state that says nothing new, cannot be read or is of nobody changes nothing; its tombstone is STARTED', () => {
  const { state, changes } = read(
    connector('a'),
    ['target-state-a', { state: 'STARTED', 'state.v2': 'STARTED' }],
    ['target-state-a', { state: 'ASLEEP' }],
    ['target-state-ghost', { state: 'PAUSED' }],
    ['target-state-a', { state: 'PAUSED', 'state.v2': 7 }],
    ['target-state-a', null],
  );
  expect(changes.slice(1)).toEqual([undefined, undefined, undefined, { kind: 'target', name: 'a' }, { kind: 'target', name: 'a' }]);
  expect(state.connector('a')?.target).toBe('STARTED');
});

describe('configs of tasks', () => {
  test('count when their commit is read, all at once', () => {
    const { state, changes } = read(connector('a'), task('a', 0, 'x'), task('a', 1, 'y'));
    expect(state.tasks('a')).toEqual([]);
    expect(changes.slice(1)).toEqual([undefined, undefined]);
    expect(state.apply({ kind: 'commit', name: 'a', tasks: 2 })).toEqual({ kind: 'tasks', name: 'a' });
    expect(state.tasks('a')).toEqual([{ about: 'x' }, { about: 'y' }]);
  });

  test('count none when compaction left only some of them, until all are written anew', () => {
    const { state } = read(connector('a'), task('a', 1, 'y'), commit('a', 2));
    expect(state.tasks('a')).toEqual([]);
    for (const line of [task('a', 0, 'x2'), task('a', 1, 'y2'), commit('a', 2)]) {
      const record = readConfigRecord({ key: line[0], value: JSON.stringify(line[1]) });
      if (record) state.apply(record);
    }
    expect(state.tasks('a')).toEqual([{ about: 'x2' }, { about: 'y2' }]);
  });

  test('of fewer tasks leave the others behind, and none need no records', () => {
    const { state } = read(connector('a'), task('a', 0, 'x'), task('a', 1, 'y'), commit('a', 2), task('a', 0, 'z'), commit('a', 1));
    expect(state.tasks('a')).toEqual([{ about: 'z' }]);
    expect(state.generation('a')).toBe(1);
    state.apply({ kind: 'commit', name: 'a', tasks: 0 });
    expect(state.tasks('a')).toEqual([]);
    expect(state.generation('a')).toBe(1);
  });

  test('know the connector config they were made from', () => {
    const { state } = read(connector('a'), task('a', 0, 'x'), commit('a', 1), connector('a', 'new'));
    expect(state.connector('a')?.config).toEqual({ name: 'a', new: 'new' });
    expect(state.applied('a')).toEqual({ name: 'a' });
  });

  test('go with their connector, and those that outlive it are ignored', () => {
    const { state, changes } = read(
      connector('a'),
      task('a', 0, 'x'),
      commit('a', 1),
      ['connector-a', null],
      task('a', 0, 'late'),
      commit('a', 1),
      ['connector-a', null],
    );
    expect(changes.slice(3)).toEqual([{ kind: 'removed', name: 'a' }, undefined, undefined, undefined]);
    expect(state.tasks('a')).toEqual([]);
    expect(state.connector('a')).toBeUndefined();
  });

  test('belong to the name before the last dash', () => {
    const { state } = read(connector('a-1-b'), task('a-1-b', 0, 'x'), commit('a-1-b', 1));
    expect(state.tasks('a-1-b')).toEqual([{ about: 'x' }]);
  });
});

test('restarts, levels of loggers and session keys are told of; flags that are no booleans are false', () => {
  const session = { key: 'AAEC', algorithm: 'HmacSHA256', 'creation-timestamp': 1_741_082_400_123 };
  const { state, changes } = read(
    ['restart-connector-a', { 'include-tasks': true, 'only-failed': 'yes' }],
    ['restart-connector-a', null],
    ['logger-cluster-org.acme', { level: 'DEBUG' }],
    ['session-key', session],
    ['session-key', null],
    ['tasks-fencing-a', { 'task-count': 2 }],
  );
  expect(changes).toEqual([
    { kind: 'restart', name: 'a', includeTasks: true, onlyFailed: false },
    undefined,
    { kind: 'log-level', logger: 'org.acme', level: 'DEBUG' },
    { kind: 'session-key' },
    undefined,
    undefined,
  ]);
  expect(state.sessionKey).toEqual({ key: 'AAEC', algorithm: 'HmacSHA256', createdAt: 1_741_082_400_123 });
});

test.each(['', 'other', 'task-a', 'task-a-x', 'tasks-a-0'])("a record under %j is no worker's", (key) => {
  expect(readConfigRecord({ key, value: '{}' })).toBeUndefined();
});
