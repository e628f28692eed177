import type { Random } from '../chaos/seeded-random.ts';

export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}

const config = { 'connector.class': 'FileStreamSource', file: '/nowhere/in.txt', topic: 't', 'tasks.max': '1', transforms: 'a' };
const names = ['a', 'b', 'no one', '__proto__', 'constructor', 'toString'];

/** Valid requests: what mutations begin with. */
const valid: readonly ((name: string) => Omit<HostileRequest, 'headers'>)[] = [
  (name) => ({ method: 'POST', path: '/connectors', body: JSON.stringify({ name, config, initial_state: 'STOPPED' }) }),
  (name) => ({ method: 'PUT', path: `/connectors/${name}/config`, body: JSON.stringify(config) }),
  (name) => ({ method: 'PATCH', path: `/connectors/${name}/config`, body: JSON.stringify({ topic: 'u', file: null }) }),
  (name) => ({
    method: 'PATCH',
    path: `/connectors/${name}/offsets`,
    body: JSON.stringify({ offsets: [{ partition: { filename: 'x' }, offset: { position: 1 } }] }),
  }),
  (name) => ({ method: 'PUT', path: '/connector-plugins/FileStreamSource/config/validate', body: JSON.stringify({ ...config, name }) }),
  () => ({ method: 'PUT', path: '/admin/loggers/x.y', body: JSON.stringify({ level: 'INFO' }) }),
  (name) => ({ method: 'POST', path: `/connectors/${name}/restart?includeTasks=true&onlyFailed=true`, body: undefined }),
  (name) => ({ method: 'GET', path: `/connectors/${name}/status`, body: undefined }),
  (name) => ({ method: 'PUT', path: `/connectors/${name}/pause`, body: undefined }),
  (name) => ({ method: 'GET', path: `/connectors/${name}/graph`, body: undefined }),
  () => ({ method: 'GET', path: '/connectors?expand=status&expand=info', body: undefined }),
  (name) => ({ method: 'DELETE', path: `/connectors/${name}`, body: undefined }),
];

const values = [
  'null',
  '-1',
  '1e400',
  '9223372036854775808',
  '0.1e-999',
  '[]',
  '{}',
  '""',
  'true',
  '"\\u0000"',
  '"\\ud800"',
  '{"__proto__":{"x":1}}',
  '[[[[1]]]]',
  '"${file:/etc/passwd:x}"',
  '"${"',
  '"a,,b,"',
  '"("',
  `"${'x'.repeat(5_000)}"`,
  'NaN',
  '01',
  '+1',
  "'x'",
  '"Infinity"',
  '"2147483648"',
];
const keys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
  'name',
  'connector.class',
  'transforms',
  'transforms.a.type',
  'predicates',
  'tasks.max',
  'errors.tolerance',
];
const paths = [
  '//',
  '/../',
  '/%2e%2e/',
  '/%2f',
  '/%00',
  '/%',
  '/%zz',
  '/;a=b',
  '/\u00e9',
  '?a=b&a=c&expand=',
  '#x',
  `/${'y'.repeat(2_000)}`,
  '/%25',
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'get', 'X'];
const headers: readonly (readonly [string, string])[] = [
  ['content-type', 'text/plain'],
  ['content-type', 'application/json; charset=utf-16'],
  ['content-type', ''],
  ['accept', 'text/html'],
  ['accept', 'application/problem+json'],
  ['transfer-encoding', 'chunked'],
  ['transfer-encoding', 'identity, chunked'],
  ['content-length', '0'],
  ['content-length', '-1'],
  ['content-length', '5, 6'],
  ['content-encoding', 'gzip'],
  ['expect', '100-continue'],
  ['expect', 'nothing'],
  ['connection', 'upgrade'],
  ['upgrade', 'h2c'],
  ['host', ''],
  ['host', 'evil.example:99999'],
  ['x-forwarded-for', '::1'],
  ['authorization', 'Basic !!!!'],
  ['idempotency-key', 'k'],
  ['last-event-id', 'NaN'],
  ['x', 'y\u0000z'],
  ['cookie', 'a'.repeat(3_000)],
];

/** A valid request with one to three things wrong. */
export function hostileRequest(random: Random): HostileRequest {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const base = pick(valid)(encodeURIComponent(pick(names)));
  let request: HostileRequest = { ...base, headers: [['content-type', 'application/json']] };
  const mutations: readonly (() => Partial<HostileRequest>)[] = [
    () => ({ body: mutateJson(request.body ?? '{}', random, pick) }),
    () => ({ body: mutateJson(request.body ?? '{}', random, pick) }),
    () => ({ body: cut(request.body ?? '{}', random) }),
    () => ({ body: nested(random(20_000)) }),
    () => ({ path: insertAt(request.path, pick(paths), random) }),
    () => ({ method: pick(methods) }),
    () => ({ headers: [...request.headers, pick(headers)] }),
    () => ({ headers: [pick(headers)] }),
  ];
  for (let i = random(3); i >= 0; i--) request = { ...request, ...pick(mutations)() };
  return request;
}

/** Replaces a value, or adds a member. */
function mutateJson(body: string, random: Random, pick: <T>(from: readonly T[]) => T): string {
  const places = [...body.matchAll(/:("(?:[^"\\]|\\.)*"|\{|\[|[\w.+-]+)/g)];
  const place = places[random(Math.max(1, places.length))];
  if (place === undefined || random(3) === 0) return body.replace('{', `{${JSON.stringify(pick(keys))}:${pick(values)},`);
  const [, value = ''] = place;
  const end = place.index + 1 + value.length;
  return body.slice(0, place.index + 1) + pick(values) + body.slice(value === '{' || value === '[' ? body.length : end);
}

const cut = (body: string, random: Random): string =>
  body.slice(0, random(body.length + 1)) + ['', '\u0000', '}', '{"', ',', '//'][random(6)];

const nested = (depth: number): string => `{"name":"n","config":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;

function insertAt(path: string, piece: string, random: Random): string {
  const at = random(path.length) + 1;
  return path.slice(0, at) + piece + path.slice(at);
}
