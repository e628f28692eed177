import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../vectors/rest/', import.meta.url);
const fileOf = (name: string): string => fileURLToPath(new URL(name, folder));

export type Recording = 'standalone.json' | 'distributed.json';

/** What the runner says of one step. */
interface Step {
  readonly id: string;
  readonly ok: boolean;
  readonly problem?: string;
  readonly diff?: readonly object[];
}

/** How the answers to recorded requests compare with those of Kafka Connect. */
export interface Replayed {
  readonly passed: number;
  /** Ids of steps that were answered otherwise, with what differs. */
  readonly failed: Readonly<Record<string, string>>;
  /** By `METHOD /path`: passed and failed. */
  readonly endpoints: ReadonlyMap<string, { readonly passed: number; readonly failed: number }>;
}

export interface ReplayOptions {
  readonly url: string;
  /** Working directory of the worker. */
  readonly cwd: string;
  /** Groups and ids; default: all. */
  readonly only?: readonly string[];
  /** Part of the names that this run uses: different ones for runs at the same time. Default: the time. */
  readonly run?: string;
}

/** Asks a worker everything that was recorded, in another process, and compares the answers. */
export async function replay(recording: Recording, { url, cwd, only = [], run }: ReplayOptions): Promise<Replayed> {
  const some = [...(only.length === 0 ? [] : ['--only', only.join(',')]), ...(run === undefined ? [] : ['--run', run])];
  const child = spawn(process.execPath, [fileOf('replay.mjs'), 'check', url, fileOf(recording), '--cwd', cwd, '--json', ...some]);
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const lines = output.split('\n').filter((line) => line !== '');
  const steps: readonly Step[] = lines.slice(0, -1).map((line) => JSON.parse(line));
  if (steps.length === 0) throw new Error(`nothing was replayed: ${said}`);
  const failed = steps.filter(({ ok }) => !ok).map(({ id, problem, diff }) => [id, problem ?? JSON.stringify(diff)] as const);
  return { passed: steps.length - failed.length, failed: Object.fromEntries(failed), endpoints: byEndpoint(recording, steps) };
}

function byEndpoint(recording: Recording, steps: readonly Step[]): Replayed['endpoints'] {
  const document: { readonly steps: readonly { readonly id: string; readonly method: string; readonly path: string }[] } = JSON.parse(
    readFileSync(fileOf(recording), 'utf8'),
  );
  const asked = new Map(document.steps.map((step) => [step.id, `${step.method} ${pathOf(step.path)}`]));
  const counts = new Map<string, { passed: number; failed: number }>();
  for (const { id, ok } of steps) {
    const endpoint = asked.get(id) ?? id;
    const { passed, failed } = counts.get(endpoint) ?? { passed: 0, failed: 0 };
    counts.set(endpoint, { passed: passed + Number(ok), failed: failed + Number(!ok) });
  }
  return counts;
}

/** `/connectors/a/tasks/0/status?x=y` → `/connectors/{name}/tasks/{task}/status`. */
const pathOf = (path: string): string =>
  (path.split('?')[0] ?? '')
    .replace(/(?<=^\/connectors\/)[^/]+/, '{name}')
    .replace(/(?<=\/tasks\/)[^/]+/, '{task}')
    .replace(/(?<=^\/connector-plugins\/)[^/]+/, '{plugin}')
    .replace(/(?<=^\/admin\/loggers\/)[^/]+/, '{logger}');

/** A line for each endpoint. */
export function tableOf(replays: readonly Replayed[]): string {
  const sums = new Map<string, { passed: number; failed: number }>();
  for (const { endpoints } of replays) {
    for (const [endpoint, { passed, failed }] of endpoints) {
      const sum = sums.get(endpoint) ?? { passed: 0, failed: 0 };
      sums.set(endpoint, { passed: sum.passed + passed, failed: sum.failed + failed });
    }
  }
  const order = (endpoint: string) => endpoint.replace(/^(\S+) (\S+)$/, '$2 $1');
  const rows = [...sums].toSorted(([a], [b]) => (order(a) < order(b) ? -1 : 1));
  const line = (endpoint: string, passed: string, failed: string) => `${endpoint.padEnd(50)} ${passed.padStart(7)} ${failed.padStart(7)}`;
  return [line('endpoint', 'passed', 'failed'), ...rows.map(([name, sum]) => line(name, `${sum.passed}`, `${sum.failed}`))].join('\n');
}
