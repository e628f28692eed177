import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { restForTests } from '../rest-in-memory.ts';

const rest = restForTests();
const call = rest.inject;

const listen = async (path = '/events', headers: Record<string, string> = {}) => {
  if (!rest.server.server.listening) await rest.server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = rest.server.server.address() as AddressInfo;
  const controller = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: controller.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const until = async (part: string) => {
    while (!text.includes(part)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended: ${text}`);
      text += value;
    }
    return text;
  };
  return { response, until, reader, close: () => controller.abort() };
};
const state = (connector: string) => rest.worker.events.next({ kind: 'connector-state', connector, state: 'RUNNING' });

test('tells what happens, as it happens, of one connector where one is named', async () => {
  const all = await listen();
  const one = await listen('/events?connector=b');
  expect(all.response.headers.get('content-type')).toBe('text/event-stream');
  state('a');
  state('b');
  expect(await all.until('"b"')).toBe(
    ':\n\nid: 1\nevent: connector-state\ndata: {"kind":"connector-state","connector":"a","state":"RUNNING"}\n\n' +
      'id: 2\nevent: connector-state\ndata: {"kind":"connector-state","connector":"b","state":"RUNNING"}\n\n',
  );
  expect(await one.until('"b"')).not.toContain('"a"');
  all.close();
  one.close();
});

test('a client that comes back is told what it missed', async () => {
  state('a');
  state('b');
  const back = await listen('/events', { 'last-event-id': '1' });
  expect(await back.until('"b"')).not.toContain('"a"');
  back.close();
});

test('HEAD is answered, and listens to nothing', async () => {
  const { status, headers } = await call({ method: 'HEAD', url: '/events' });
  expect([status, headers['content-type']]).toEqual([200, 'text/event-stream']);
});

test('ends when the worker does', async () => {
  const open = await listen();
  await open.until(':');
  rest.worker.events.complete();
  while (!(await open.reader.read()).done);
});

test('an answer that has ended is written no more while its listener is still there', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  await rest.start();
  const open = await listen();
  await open.until(':');
  const uncaught: unknown[] = [];
  const hear = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', hear);
  // It reads no more: the connection is there after the end of the answer.
  const fill = 'x'.repeat(700_000);
  state(fill);
  vi.advanceTimersByTime(15_000);
  rest.worker.events.complete();
  vi.advanceTimersByTime(15_000);
  await wait(50);
  process.off('uncaughtException', hear);
  open.close();
  expect(uncaught).toEqual([]);
});
