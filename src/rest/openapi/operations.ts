import type { SchemaName } from './schemas.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a request or an answer holds: JSON of that schema, a text of another media type, or nothing. */
export type Content = SchemaName | { readonly mediaType: string } | null;

export interface Operation {
  readonly method: Method;
  /** With `{parameters}`. */
  readonly path: string;
  readonly summary: string;
  /** Only Sluice has it. */
  readonly own?: true;
  /** Query parameters with what they do. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: SchemaName;
  readonly answers: Readonly<Record<number, Content>>;
}

const connector = '/connectors/{name}';
const plugins = '/connector-plugins';
const loggers = '/admin/loggers';
const unknownConnector = { 404: 'Error', 409: 'Error', 500: 'Error' } as const;
const badConfig = { 400: 'Error', 409: 'Error', 500: 'Error' } as const;
const failed = { 500: 'Error' } as const;
const forward = { forward: 'Of workers among themselves.' };

const workerOperations: readonly Operation[] = [
  { method: 'get', path: '/', summary: 'What this worker is', answers: { 200: 'Worker' } },
  {
    method: 'get',
    path: '/health',
    summary: 'Whether this worker is ready; waits a while for it',
    answers: { 200: 'Health', 500: 'Health', 503: 'Health' },
  },
];

const connectorOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/connectors',
    summary: 'Names of the connectors, or more about each',
    query: { expand: '`status` or `info`; repeat it for both' },
    answers: { 200: 'ConnectorList', ...failed },
  },
  {
    method: 'post',
    path: '/connectors',
    summary: 'Create a connector',
    query: forward,
    headers: { 'Idempotency-Key': 'A repeated request with the same key gets the first answer' },
    body: 'CreateConnector',
    answers: { 201: 'ConnectorInfo', ...badConfig, 422: 'Error' },
  },
  {
    method: 'get',
    path: connector,
    summary: 'A connector: its config, tasks and type',
    answers: { 200: 'ConnectorInfo', ...unknownConnector },
  },
  {
    method: 'delete',
    path: connector,
    summary: 'Stop a connector and forget it',
    query: forward,
    answers: { 204: null, ...unknownConnector },
  },
  { method: 'get', path: `${connector}/config`, summary: 'The config of a connector', answers: { 200: 'Config', ...unknownConnector } },
  {
    method: 'put',
    path: `${connector}/config`,
    summary: 'Create a connector, or give it another config',
    query: forward,
    body: 'GivenConfig',
    answers: { 200: 'ConnectorInfo', 201: 'ConnectorInfo', ...badConfig },
  },
  {
    method: 'patch',
    path: `${connector}/config`,
    summary: 'Change some keys of a config',
    query: forward,
    body: 'ConfigChanges',
    answers: { 200: 'ConnectorInfo', ...badConfig, ...unknownConnector },
  },
  {
    method: 'get',
    path: `${connector}/status`,
    summary: 'States of a connector and its tasks',
    answers: { 200: 'ConnectorStatus', ...unknownConnector },
  },
  {
    method: 'post',
    path: `${connector}/restart`,
    summary: 'Restart a connector, or its tasks too',
    query: { includeTasks: '`true`: its tasks too', onlyFailed: '`true`: only what failed', ...forward },
    answers: { 202: 'ConnectorStatus', 204: null, ...unknownConnector },
  },
  { method: 'put', path: `${connector}/pause`, summary: 'Pause a connector and its tasks', answers: { 202: null, ...unknownConnector } },
  {
    method: 'put',
    path: `${connector}/resume`,
    summary: 'Run a paused or stopped connector again',
    answers: { 202: null, ...unknownConnector },
  },
  {
    method: 'put',
    path: `${connector}/stop`,
    summary: 'Stop a connector; its tasks are gone until it is resumed',
    query: forward,
    answers: { 204: null, ...unknownConnector },
  },
  {
    method: 'get',
    path: `${connector}/graph`,
    summary: 'What a connector runs',
    own: true,
    query: { format: '`mermaid`: as a flowchart' },
    answers: { 200: 'Graph', ...unknownConnector },
  },
];

const taskOperations: readonly Operation[] = [
  { method: 'get', path: `${connector}/tasks`, summary: 'Configs of the tasks', answers: { 200: 'Tasks', ...unknownConnector } },
  {
    method: 'post',
    path: `${connector}/tasks`,
    summary: 'Of workers among themselves: the configs of the tasks',
    query: forward,
    body: 'TaskConfigs',
    answers: { 204: null, 400: 'Error', 403: 'Error', 503: 'Error', ...unknownConnector },
  },
  {
    method: 'put',
    path: `${connector}/fence`,
    summary: 'Of workers among themselves: fence older tasks',
    query: forward,
    answers: { 204: null, 400: 'Error', 403: 'Error', 503: 'Error', ...unknownConnector },
  },
  {
    method: 'get',
    path: `${connector}/tasks/{task}/status`,
    summary: 'State of a task',
    answers: { 200: 'TaskStatus', ...unknownConnector },
  },
  {
    method: 'post',
    path: `${connector}/tasks/{task}/restart`,
    summary: 'Restart a task',
    query: forward,
    answers: { 204: null, ...unknownConnector },
  },
  {
    method: 'get',
    path: `${connector}/topics`,
    summary: 'Topics that a connector used',
    answers: { 200: 'Topics', 403: 'Error', ...failed },
  },
  {
    method: 'put',
    path: `${connector}/topics/reset`,
    summary: 'Forget which topics those were',
    answers: { 202: null, 403: 'Error', ...failed },
  },
  { method: 'get', path: `${connector}/offsets`, summary: 'Committed offsets', answers: { 200: 'Offsets', ...unknownConnector } },
  {
    method: 'patch',
    path: `${connector}/offsets`,
    summary: 'Change committed offsets of a stopped connector',
    query: forward,
    body: 'Offsets',
    answers: { 200: 'Message', 400: 'Error', ...unknownConnector },
  },
  {
    method: 'delete',
    path: `${connector}/offsets`,
    summary: 'Forget the offsets of a stopped connector',
    query: forward,
    answers: { 200: 'Message', 400: 'Error', ...unknownConnector },
  },
];

const pluginOperations: readonly Operation[] = [
  {
    method: 'get',
    path: plugins,
    summary: 'What a connector config may name',
    query: { connectorsOnly: '`false`: transforms, predicates and converters too' },
    answers: { 200: 'Plugins', ...failed },
  },
  {
    method: 'get',
    path: `${plugins}/{plugin}/config`,
    summary: 'Configuration keys of a plugin',
    query: { version: 'A version of it' },
    answers: { 200: 'ConfigKeys', 400: 'Error', 404: 'Error', ...failed },
  },
  {
    method: 'put',
    path: `${plugins}/{plugin}/config/validate`,
    summary: 'Say all that is wrong with a config',
    body: 'GivenConfig',
    answers: { 200: 'Validation', 400: 'Error', 404: 'Error', ...failed },
  },
];

const adminOperations: readonly Operation[] = [
  { method: 'get', path: loggers, summary: 'Levels of the loggers', answers: { 200: 'Loggers', ...failed } },
  { method: 'get', path: `${loggers}/{logger}`, summary: 'Level of a logger', answers: { 200: 'Logger', 404: 'Error', ...failed } },
  {
    method: 'put',
    path: `${loggers}/{logger}`,
    summary: 'Change the level of a logger',
    query: { scope: '`cluster`: on every worker' },
    body: 'Level',
    answers: { 200: 'LoggerNames', 204: null, 400: 'Error', 404: 'Error', ...failed },
  },
];

const ownOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/events',
    summary: 'What happens to connectors and tasks, as server-sent events',
    own: true,
    query: { connector: 'Only events of this connector' },
    headers: { 'Last-Event-ID': 'What came after this event is told first' },
    answers: { 200: { mediaType: 'text/event-stream' }, 503: 'Error' },
  },
  { method: 'get', path: '/openapi.json', summary: 'This document', own: true, answers: { 200: { mediaType: 'application/json' } } },
  { method: 'get', path: '/docs', summary: 'This document, to read', own: true, answers: { 200: { mediaType: 'text/html' } } },
];

/** Everything that REST answers. */
export const operations: readonly Operation[] = [
  ...workerOperations,
  ...connectorOperations,
  ...taskOperations,
  ...pluginOperations,
  ...adminOperations,
  ...ownOperations,
];
