import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { seededRandom } from '../chaos/seeded-random.ts';
import { SluiceFolder } from '../cli/sluice-process.ts';
import { type HostileRequest, hostileRequest } from './hostile-requests.ts';

const CASES = 20_000;
const AT_ONCE = 8;
const ANSWER_MS = 10_000;
/** From the first half of the requests to the end: what a garbage collector may not have come to yet. */
const MOST_GROWTH_MB = 100;

/** Words of a fault in the code rather than of a refusal. */
const fault =
  /is not a function|cannot (read|set|convert)|not iterable|undefined|maximum call stack|\bENOENT\b|\bEACCES\b|reduce of empty|\.(ts|js):\d+/i;

/** Sends mutated requests to a real worker; whether it took all of them as it should. */
export async function fuzzRest(cases = CASES, seed: number): Promise<boolean> {
  const random = seededRandom(seed);
  const folder = new SluiceFolder();
  const wrong = new Map<string, HostileRequest>();
  const statuses = new Map<number, number>();
  try {
    const worker = folder.run(['standalone', folder.write('worker.properties', 'listeners=http://127.0.0.1:0\n')]);
    const { hostname, port, origin } = new URL(await worker.url());
    let halfway = 0;
    let sent = 0;
    const sender = async () => {
      while (sent < cases) {
        if (++sent === cases >> 1) halfway = rssMb(worker.child.pid);
        const request = hostileRequest(random);
        const answer = await send(hostname, Number(port), request);
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const why = complaint(status, answer);
        if (why !== undefined && !wrong.has(why)) wrong.set(why, request);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    const health = await fetch(`${origin}/health`);
    if (health.status !== 200) wrong.set(`the worker is ill: ${health.status}`, hostileRequest(random));
    const end = rssMb(worker.child.pid);
    const growth = end - halfway;
    console.log(
      `${cases} requests, seed ${seed}: statuses ${JSON.stringify(Object.fromEntries([...statuses].sort()))}; memory grew by ${growth} MB`,
    );
    if (growth > MOST_GROWTH_MB) wrong.set(`memory grew by ${growth} MB`, hostileRequest(random));
    if (/Error:|\n {4}at /.test(worker.stderr)) wrong.set(`the worker wrote ${worker.stderr.slice(0, 500)}`, hostileRequest(random));
  } finally {
    await folder.remove();
  }
  for (const [why, request] of wrong) console.log(`WRONG ${why}\n  ${JSON.stringify(request).slice(0, 500)}`);
  return wrong.size === 0;
}

function complaint(status: number, answer: string): string | undefined {
  if (status === 0) return answer === '' ? undefined : `no HTTP: ${answer.slice(0, 100)}`;
  if (status > 500 && status !== 501 && status !== 505) return `${status}: ${answer.slice(-300)}`;
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  if (status === 500 && fault.test(body)) return `500 of the code: ${body.slice(0, 200)}`;
  return undefined;
}

/** The answer as text; empty where the connection was closed without one. */
function send(host: string, port: number, request: HostileRequest): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let answer = '';
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(answer === '' ? `silence for ${ANSWER_MS} ms` : answer);
    }, ANSWER_MS);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.end(render(request));
  });
}

function render({ method, path, headers, body }: HostileRequest): string {
  const has = (name: string) => headers.some(([each]) => each === name);
  const given = [...(has('host') ? [] : [['host', 'localhost'] as const]), ...headers, ['connection', 'close'] as const];
  const length =
    body === undefined || has('content-length') || has('transfer-encoding')
      ? []
      : [['content-length', String(Buffer.byteLength(body))] as const];
  const lines = [...given, ...length].map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

const rssMb = (pid: number | undefined): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
