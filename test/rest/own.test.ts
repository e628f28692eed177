import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { type RestOptions, restServer } from '../../src/rest/server.ts';
import { FakeConnectors } from './fake-connectors.ts';
import { hostOfPlugins } from './plugin-host.ts';

const pluginHost = hostOfPlugins([join(import.meta.dirname, '../worker/fixtures/has-pass-phrase.ts')]);
let worker: FakeConnectors;
let server: FastifyInstance;
const about = { version: '4.3.1', commit: 'abc', clusterId: 'cluster', pluginVersion: '1' };
const start = async (options: Partial<RestOptions> = {}) => {
  worker = new FakeConnectors();
  server = await restServer({ connectors: worker, plugins: new PluginRegistry(), pluginHost, about, ...options });
};
beforeEach(() => start());
afterEach(() => server.close());

const call = async (options: InjectOptions) => {
  const { statusCode: status, headers, body } = await server.inject(options);
  return { status, headers, body };
};
const json = { 'content-type': 'application/json' };
const create = (name: string, headers: Record<string, string> = {}, config: object = { file: 'x' }): InjectOptions => ({
  method: 'POST',
  url: '/connectors',
  payload: JSON.stringify({ name, config }),
  headers: { ...json, ...headers },
});

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'k1' };

  test('a repeated create gets the first answer and creates nothing', async () => {
    const first = await call(create('a', key));
    const second = await call(create('a', key));
    expect(first).toMatchObject({ status: 201, headers: { location: expect.stringMatching(/\/connectors\/a$/) } });
    expect(second).toMatchObject({
      status: 201,
      body: first.body,
      headers: { location: first.headers.location, 'idempotency-replayed': 'true' },
    });
    expect((await call(create('a'))).status).toBe(409);
  });

  test('with another body it is refused', async () => {
    await call(create('a', key));
    expect(await call(create('b', key))).toMatchObject({ status: 422, body: expect.stringContaining('another body') });
  });

  test('while the first request is under way, the second is told so, and does not end it', async () => {
    const made = Promise.withResolvers<void>();
    const original = worker.create.bind(worker);
    worker.create = async (...args) => {
      await made.promise;
      return original(...args);
    };
    const first = call(create('a', key));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await call(create('a', key))).toMatchObject({ status: 409, body: expect.stringContaining('is under way') });
    made.resolve();
    expect((await first).status).toBe(201);
    expect(await call(create('a', key))).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
  });

  test('the oldest answers give way to large ones', async () => {
    const large = (name: string) => create(name, { 'idempotency-key': name }, { file: 'x'.repeat(6 * 1024 * 1024) });
    for (const name of ['a', 'b', 'c']) expect((await call(large(name))).status).toBe(201);
    expect((await call(large('c'))).headers['idempotency-replayed']).toBe('true');
    expect((await call(large('a'))).status).toBe(409);
  });

  test('a failure can be tried again', async () => {
    expect((await call(create('a', key, { 'tasks.max': 'x' }))).status).toBe(400);
    expect((await call(create('a', key))).status).toBe(201);
  });
});

describe('a change while another one is under way', () => {
  const put: InjectOptions = { method: 'PUT', url: '/connectors/a/config', payload: '{"file":"x"}', headers: json };
  let waiting = 0;
  const held = () => {
    waiting = 0;
    const gate = Promise.withResolvers<void>();
    const original = worker.put.bind(worker);
    worker.put = async (...args) => {
      waiting++;
      await gate.promise;
      return original(...args);
    };
    return gate.resolve;
  };

  const connections = () => promisify(server.server.getConnections.bind(server.server))();

  test('waits for it', async () => {
    const release = held();
    const both = Promise.all([call(put), call(put)]);
    release();
    expect((await both).map(({ status }) => status).sort()).toEqual([200, 201]);
  });

  test('is refused at once by rest.conflict=reject, and only for the same connector', async () => {
    await start({ onConflict: 'reject' });
    const release = held();
    const first = call(put);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await call(put)).toMatchObject({ status: 409, body: expect.stringContaining('another change of connector a is under way') });
    expect(await call({ method: 'PUT', url: '/connectors/b/pause' })).toMatchObject({ status: 404 });
    release();
    expect((await first).status).toBe(201);
    expect((await call(put)).status).toBe(200);
  });

  test('whose client went away before the answer is under way until the worker is done', async () => {
    await start({ onConflict: 'reject' });
    const release = held();
    await server.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    const body = String(put.payload);
    socket.write(
      `PUT /connectors/a/config HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await vi.waitFor(() => expect(waiting).toBe(1));
    expect((await call(put)).status).toBe(409);
    socket.destroy();
    await vi.waitFor(async () => expect(await connections()).toBe(0));
    expect((await call(put)).status).toBe(409);
    release();
    await vi.waitFor(async () => expect((await call(put)).status).toBe(200));
  });

  test('is answered with a time-out when the worker takes too long, and is under way until it is done', async () => {
    await start({ requestTimeoutMs: 20, onConflict: 'reject' });
    const release = held();
    expect(await call(put)).toMatchObject({ status: 500, body: expect.stringContaining('Request timed out after 20 ms.') });
    expect((await call(put)).status).toBe(409);
    release();
    await vi.waitFor(async () => expect((await call(put)).status).toBe(200));
  });
});

describe('problem documents (RFC 9457)', () => {
  test('are given to those who ask for them', async () => {
    const accept = 'application/json, application/problem+json';
    expect(await call({ url: '/connectors/none', headers: { accept } })).toMatchObject({
      status: 404,
      headers: { 'content-type': expect.stringMatching(/^application\/problem\+json/) },
      body: JSON.stringify({ type: 'about:blank', title: 'Not Found', status: 404, detail: 'Connector none not found' }),
    });
  });

  test("others get Connect's error", async () => {
    expect(await call({ url: '/connectors/none' })).toMatchObject({
      body: JSON.stringify({ error_code: 404, message: 'Connector none not found' }),
    });
  });
});

describe('GET /connectors/{name}/graph', () => {
  const config = {
    'connector.class': 'FileStreamSink',
    topics: 't',
    file: 'out.txt',
    transforms: 'mask',
    'transforms.mask.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
    'transforms.mask.fields': 'ssn',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  };

  test('names what stands between topic and file, and no setting', async () => {
    await call(create('a', {}, config));
    const { body } = await call({ url: '/connectors/a/graph' });
    expect(JSON.parse(body)).toEqual({
      name: 'a',
      nodes: [
        { name: 'topics', kind: 'source', does: 'kafka-topic', from: [] },
        {
          name: 'decode',
          kind: 'decode',
          does: 'key org.apache.kafka.connect.storage.StringConverter, value org.apache.kafka.connect.json.JsonConverter, headers org.apache.kafka.connect.storage.SimpleHeaderConverter',
          from: ['topics'],
        },
        { name: 'transforms.mask', kind: 'operator', does: 'org.apache.kafka.connect.transforms.MaskField$Value', from: ['decode'] },
        { name: 'sink', kind: 'sink', does: 'FileStreamSink', from: ['transforms.mask'] },
      ],
    });
    expect(body).not.toContain('ssn');
  });

  test('is a picture in Mermaid', async () => {
    await call(create('a', {}, config));
    expect(await call({ url: '/connectors/a/graph?format=mermaid' })).toMatchObject({
      headers: { 'content-type': expect.stringContaining('text/vnd.mermaid') },
      body: expect.stringMatching(/^flowchart LR\n[\s\S]*n2 --> n3$/),
    });
  });

  test('of no connector is 404', async () => {
    expect(await call({ url: '/connectors/none/graph' })).toMatchObject({ status: 404 });
  });
});

describe('GET /events', () => {
  const listen = async (path = '/events', headers: Record<string, string> = {}) => {
    if (!server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
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
  const state = (connector: string) => worker.events.next({ kind: 'connector-state', connector, state: 'RUNNING' });

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
    worker.events.complete();
    while (!(await open.reader.read()).done);
  });
});

describe('rest.mask.secrets', () => {
  const secrets = { 'producer.override.sasl.jaas.config': 'who="ada" password="lovelace"', 'db.password': '${file:/x:y}', token: 'abc' };

  test('hides what is declared or named as a secret, everywhere a config is shown', async () => {
    await start({ maskSecrets: true });
    const shown = [
      await call(create('a', {}, { ...secrets, 'connector.class': 'FileStreamSource' })),
      await call({ url: '/connectors/a' }),
      await call({ url: '/connectors/a/config' }),
      await call({ url: '/connectors/a/tasks' }),
      await call({ url: '/connectors?expand=info' }),
    ];
    for (const { body } of shown) {
      expect(body).not.toContain('lovelace');
      expect(body).not.toContain('abc');
    }
    expect(JSON.parse(shown[2]?.body ?? '')).toMatchObject({ token: '[hidden]', 'db.password': '${file:/x:y}', name: 'a' });
  });

  test('hides what a plugin of another module declares', async () => {
    await start({ maskSecrets: true });
    const transform = { transforms: 's', 'transforms.s.type': 'sealed', 'transforms.s.phrase': 'lovelace', 'transforms.s.place': 'here' };
    await call(create('a', {}, { 'connector.class': 'vault', phrase: 'lovelace', place: 'there', ...transform }));
    expect(JSON.parse((await call({ url: '/connectors/a/config' })).body)).toEqual({
      name: 'a',
      'connector.class': 'vault',
      phrase: '[hidden]',
      place: 'there',
      ...transform,
      'transforms.s.phrase': '[hidden]',
    });
  });

  test('takes what it showed as unchanged', async () => {
    await start({ maskSecrets: true });
    await call(create('a', {}, { ...secrets, 'connector.class': 'FileStreamSource' }));
    const { body } = await call({ url: '/connectors/a/config' });
    await call({ method: 'PUT', url: '/connectors/a/config', payload: body.replace('FileStreamSource', 'FileStreamSink'), headers: json });
    expect(worker.config('a')).toMatchObject({ ...secrets, 'connector.class': 'FileStreamSink' });
  });

  test('is off where nobody asks for it, as in Connect', async () => {
    await call(create('a', {}, { ...secrets, 'connector.class': 'FileStreamSource' }));
    expect(JSON.parse((await call({ url: '/connectors/a/config' })).body)).toMatchObject(secrets);
  });
});
