import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { listen } from '../../src/rest/listen.ts';
import { addressOf, advertisedListener, parseListeners } from '../../src/rest/listeners.ts';

const one = (text: string) => {
  const [listener] = parseListeners([text]);
  if (listener === undefined) throw new Error('there is one');
  return listener;
};
const free = [one('http://127.0.0.1:0')];

test('listeners are parsed as Connect does', () => {
  expect(parseListeners(['HTTP://[::1]:8083', 'http://:0'])).toMatchObject([
    { host: '::1', port: 8083 },
    { host: '', port: 0 },
  ]);
});

test.each([
  ['ftp://a:1', 'listeners lists ftp://a:1, which is no listener. Write http://HOST:PORT or https://HOST:PORT'],
  ['http://a', 'listeners lists http://a, which is no listener.'],
  ['http://a:70000', 'listeners lists http://a:70000, which is no listener.'],
])('%s is refused', (text, message) => {
  expect(() => parseListeners([text])).toThrow(message);
});

test('a listener is reached under its address, or what is advertised', () => {
  expect(addressOf(one('http://127.0.0.1:0'), 4711)).toBe('127.0.0.1:4711');
  expect(addressOf(one('http://:8083'), 8083)).toBe(`${hostname()}:8083`);
  expect(addressOf(one('http://[::1]:8083'), 8083, { host: null, port: 80 })).toBe('[::1]:80');
  expect(addressOf(one('http://:8083'), 8083, { host: 'connect.example', port: 443 })).toBe('connect.example:443');
});

test('the worker is known by the listener of the advertised protocol, else by one without TLS', () => {
  const [https, http] = [one('https://a:1'), one('http://b:2')];
  expect(advertisedListener([https, http], null)).toBe(http);
  expect(advertisedListener([https, http], 'HTTPS')).toBe(https);
  expect(advertisedListener([https], null)).toBe(https);
  expect(() => advertisedListener([http], 'https')).toThrow(
    'rest.advertised.listener is https, but listeners has no listener of that protocol.',
  );
});

test('a request that comes early waits until somebody answers', async () => {
  const listening = await listen(free);
  const early = fetch(`http://127.0.0.1:${listening.ports[0]}/`);
  listening.serve((_request, response) => response.end('here'));
  expect(await (await early).text()).toBe('here');
  await listening.close();
});

test('a port in use is an error that names listener and key, and closes what was open', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const text = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  await expect(listen([...free, one(text)])).rejects.toThrow(
    `${text} in listeners is in use by another process. Stop that process, or name another port`,
  );
  other.close();
});

test('an address of another machine is an error that says why', async () => {
  await expect(listen([one('http://192.0.2.1:0')])).rejects.toMatchObject({ code: 'SETTINGS_LISTEN_FAILED' });
});

test('an answer under way is finished before the end, and cut off when it takes too long', async () => {
  const listening = await listen(free);
  const asked = Promise.withResolvers<() => void>();
  listening.serve((_request, response) => asked.resolve(() => response.end('done')));
  const answer = fetch(`http://127.0.0.1:${listening.ports[0]}/`);
  const finish = await asked.promise;
  const closing = listening.close();
  finish();
  expect(await (await answer).text()).toBe('done');
  await closing;

  const stuck = await listen(free);
  const arrived = Promise.withResolvers<void>();
  stuck.serve(() => arrived.resolve());
  const never = fetch(`http://127.0.0.1:${stuck.ports[0]}/`).catch(() => 'cut off');
  await arrived.promise;
  await stuck.close(10);
  expect(await never).toBe('cut off');
});
