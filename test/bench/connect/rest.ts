import { setTimeout as sleep } from 'node:timers/promises';

type Config = Readonly<Record<string, string>>;

interface Status {
  readonly tasks: readonly { readonly state: string; readonly trace?: string }[];
}

const json = { 'content-type': 'application/json' };
const RUNNING_WITHIN_MS = 60_000;

async function ask(method: string, url: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, body === undefined ? { method } : { method, headers: json, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Creates a connector and waits until all its tasks run; answers with the milliseconds that took. */
export async function createRunning(url: string, name: string, config: Config): Promise<number> {
  const asked = performance.now();
  await ask('POST', `${url}/connectors`, { name, config });
  for (;;) {
    // A status may not be there yet: Connect writes it after it has answered.
    const status = (await ask('GET', `${url}/connectors/${name}/status`).catch(() => undefined)) as Status | undefined;
    const tasks = status?.tasks ?? [];
    if (tasks.length > 0 && tasks.every(({ state }) => state === 'RUNNING')) return performance.now() - asked;
    const failed = tasks.find(({ state }) => state === 'FAILED');
    if (failed || performance.now() - asked > RUNNING_WITHIN_MS) throw new Error(`${name} does not run: ${failed?.trace ?? ''}`);
    await sleep(1);
  }
}

/** Answers with the milliseconds that took. */
export async function remove(url: string, name: string): Promise<number> {
  const asked = performance.now();
  await ask('DELETE', `${url}/connectors/${name}`);
  return performance.now() - asked;
}

/** Creates a connector that runs nothing. */
export async function createStopped(url: string, name: string, config: Config): Promise<void> {
  await ask('POST', `${url}/connectors`, { name, config, initial_state: 'STOPPED' });
}
