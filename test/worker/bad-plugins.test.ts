import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inStates, plugin, standalone, type TestWorker } from './standalone.ts';

/** One worker for all: whatever a plugin does, it has to be there for the next one. */
let worker: TestWorker;
let created = 0;
/** Rejections that nobody listens to, which would end the process of a worker (I9). */
const unheard: unknown[] = [];
const hear = (reason: unknown) => void unheard.push(reason);

beforeAll(async () => {
  const plugins = [plugin('throws-on-import'), plugin('bad-plugins')];
  worker = await standalone({ 'task.liveness.timeout.ms': '1500', 'task.shutdown.graceful.timeout.ms': '100' }, plugins);
  const producer = await worker.driver.producer();
  await producer.send([{ topic: 'in', partition: 0, records: [{ key: null, value: 'x' }] }]);
});
afterAll(() => worker.close());
beforeAll(() => void process.on('unhandledRejection', hear));
afterAll(() => void process.off('unhandledRejection', hear));
afterEach(() => expect(unheard.splice(0)).toEqual([]));

const badSource = (at: string) => ({ 'connector.class': 'bad', at });
const badSink = (at: string) => ({ 'connector.class': 'bad-sink', topics: 'in', at });
const create = async (config: Readonly<Record<string, string>>) => {
  const name = `bad-${created++}`;
  await worker.connectors.create(name, config);
  return name;
};

const statesOf = (name: string) =>
  worker.events.filter(({ kind, connector }) => kind === 'task-state' && connector === name).map(({ state }) => state);

describe('a plugin that throws', () => {
  test('in its module is missing, and no other is', async () => {
    await expect(create({ 'connector.class': 'lost' })).rejects.toMatchObject({ status: 400 });
    expect(worker.log.join('')).toContain('this module cannot be imported');
  });

  test('while its config is checked is refused', async () => {
    await expect(create(badSource('config'))).rejects.toMatchObject({ status: 500, message: 'thrown in config' });
  });

  test.each(['tasks', 'tasks-stream'])('in %s fails the connector', async (at) => {
    await expect(create(badSource(at))).rejects.toMatchObject({ status: 500, message: `thrown in ${at}` });
    const { connector, tasks } = worker.connectors.status(`bad-${created - 1}`);
    expect(connector).toMatchObject({ state: 'FAILED', trace: expect.stringContaining(`Error: thrown in ${at}\n    at `) });
    expect(tasks).toEqual([]);
  });

  test.each(['open', 'stream', 'timer', 'promise', 'offset', 'exit'])('in %s of a source fails its task', async (at) => {
    const name = await create(badSource(at));
    const { tasks } = await worker.until(inStates('RUNNING', 'FAILED'), name);
    expect(tasks[0]?.trace).toContain(at === 'exit' ? 'it exited with code 7' : `thrown in ${at}`);
  });

  test.each(['sink-open', 'next', 'async'])('in %s of a sink fails its task', async (at) => {
    const name = await create(badSink(at));
    const { tasks } = await worker.until(inStates('RUNNING', 'FAILED'), name);
    expect(tasks[0]?.trace).toContain(`thrown in ${at}`);
  });

  test.each([badSource('close'), badSource('later'), badSink('sink-close')])(
    'when it is closed is stopped all the same: %o',
    async (config) => {
      const name = await create(config);
      await worker.until(inStates('RUNNING', 'RUNNING'), name);
      await worker.connectors.remove(name);
      expect(worker.connectors.names()).not.toContain(name);
    },
  );

  test('where nobody can catch it while its task stops is logged, once, by connector and task', async () => {
    const name = await create({ ...badSink('sink-closing'), topics: 'quiet' });
    await worker.until(inStates('RUNNING', 'RUNNING'), name);
    await worker.connectors.remove(name);
    const told = worker.log.filter((line) => line.includes('thrown in sink-closing')).map((line) => JSON.parse(line));
    expect(told).toMatchObject([
      { level: 50, connector: name, task: 0, trace: expect.stringContaining('Error: thrown in sink-closing\n    at ') },
    ]);
    expect(statesOf(name)).toEqual(['RUNNING', 'UNASSIGNED']);
  });

  test('after it is closed fails nobody else', async () => {
    const name = await create(badSource('later'));
    const next = await create(badSource('silent'));
    await worker.until(inStates('RUNNING', 'RUNNING'), name);
    await worker.until(inStates('RUNNING', 'RUNNING'), next);
    const told = () => worker.log.filter((line) => line.includes('a plugin threw after its task had ended')).length;
    const before = told();
    await worker.connectors.remove(name);
    while (told() === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await worker.connectors.remove(next);
    expect(statesOf(next)).toEqual(['RUNNING', 'UNASSIGNED']);
  });
});

describe('a connector that divides its work', () => {
  const tooMany = (name: string) =>
    `WORKER_TOO_MANY_TASKS: The connector ${name} has generated 3 tasks, which is greater than 1, the maximum number of tasks`;

  test.each([
    ['tasks-then-many', (name: string) => tooMany(name)],
    ['tasks-then-odd', () => 'TypeError: Do not know how to serialize a BigInt'],
  ])('later as it must not fails alone, and its tasks go on: %s (I9, T7)', async (at, why) => {
    const name = await create({ ...badSource(at), 'tasks.max': '1' });
    const { connector } = await worker.until(inStates('FAILED', 'RUNNING'), name);
    expect(connector.trace).toContain(why(name));
    await worker.connectors.remove(name);
  });

  test('at first as it must not fails', async () => {
    await expect(create(badSource('tasks-odd'))).rejects.toMatchObject({ status: 500, message: 'Do not know how to serialize a BigInt' });
    expect(worker.connectors.status(`bad-${created - 1}`)).toMatchObject({ connector: { state: 'FAILED' }, tasks: [] });
  });

  test.each([
    ['a resume', (name: string) => worker.connectors.resume(name)],
    ['a restart of what failed', (name: string) => worker.connectors.restart(name, { includeTasks: true, onlyFailed: true })],
  ])('as it must not after its start was overtaken by %s fails alone (I9)', async (_what, change) => {
    const name = `bad-${created}`;
    const refused = expect(create({ ...badSource('tasks-slow-many'), 'tasks.max': '1' })).rejects.toMatchObject({ status: 500 });
    await worker.until(inStates('UNASSIGNED'), name);
    await change(name);
    await refused;
    const { connector } = await worker.until(inStates('FAILED'), name);
    expect(connector.trace).toContain(tooMany(name));
  });
});

describe('a plugin that never answers', () => {
  test.each([badSink('open-never'), badSink('close-never'), badSink('silent')])(
    'is cancelled after the graceful time-out: %o',
    async (config) => {
      const name = await create(config);
      await worker.connectors.remove(name);
      expect(worker.connectors.names()).not.toContain(name);
    },
  );

  test('in tasks() does not keep its connector from being deleted', async () => {
    const name = `bad-${created}`;
    const creating = create(badSource('tasks-never'));
    await worker.until(inStates('UNASSIGNED'), name);
    const refused = expect(creating).rejects.toMatchObject({ status: 500 });
    await worker.connectors.remove(name);
    await refused;
  });
});

describe('on a thread that is shared', () => {
  const good = async (): Promise<string> => {
    const name = `good-${created++}`;
    writeFileSync(join(worker.folder, 'in.txt'), 'a\n');
    await worker.connectors.create(name, { 'connector.class': 'FileStreamSource', file: join(worker.folder, 'in.txt'), topic: name });
    await worker.until(inStates('RUNNING', 'RUNNING'), name);
    return name;
  };
  test('a task that blocks it fails and says so, and its neighbour moves; the main thread never waits (I9)', async () => {
    const neighbour = await good();
    const name = await create(badSource('block'));
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const { tasks } = await worker.until(inStates('RUNNING', 'FAILED'), name);
    clearInterval(watch);
    expect(tasks[0]?.trace).toContain(`WORKER_THREAD_BLOCKED: Task ${name}-0 blocked its thread: there was no sign of life for 1500 ms`);
    await worker.until(inStates('RUNNING', 'RUNNING'), neighbour);
    expect(statesOf(neighbour)).toEqual(['RUNNING', 'RESTARTING', 'RUNNING']);
    expect(longest).toBeLessThan(1500);
    await worker.connectors.restartTask(name, 0);
    await worker.until(inStates('RUNNING', 'RUNNING'), name);
    await worker.connectors.remove(name);
  });

  test('a task with a thread of its own that leaks memory fails and says so, and disturbs nobody', async () => {
    const neighbour = await good();
    const name = await create({ ...badSource('leak'), 'task.isolation': 'dedicated', 'task.heap.max': '24' });
    const { tasks } = await worker.until(inStates('RUNNING', 'FAILED'), name);
    expect(tasks[0]?.trace).toContain(`WORKER_THREAD_OUT_OF_MEMORY: Task ${name}-0 ran its thread out of memory.`);
    expect(statesOf(neighbour)).toEqual(['RUNNING']);
  });
});
