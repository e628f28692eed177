import type { Check } from '../sdk/config.ts';
import { atLeast, invalidValue } from '../sdk/config-checks.ts';
import { boolean, className, int, list, long, string } from '../sdk/config-kinds.ts';

const low = 'low';
const high = 'high';
const json = 'org.apache.kafka.connect.json.JsonConverter';
const noMetrics = 'Accepted, without effect: there are no metrics yet.';
/** What Connect reports metrics by where nothing is configured. */
export const jmxReporter = 'org.apache.kafka.common.metrics.JmxReporter';
const noUrls: Check<readonly string[]> = (value, name) => {
  if (value === null || value.length === 0) return invalidValue('null', name, 'List of listener URLs may not be null or empty');
  return value.some((url) => url === '') ? invalidValue(value, name, 'Empty URL found when parsing listeners list.') : undefined;
};

const policies =
  /^(org\.apache\.kafka\.connect\.connector\.policy\.)?(All|None|Principal|Allowlist)(ConnectorClientConfigOverridePolicy)?$/;
const knownPolicy: Check<string> = (value, name) =>
  value === null || policies.test(value) ? undefined : invalidValue(value, name, `Class ${value} could not be found.`);

/** Keys of Connect's workers of both modes. */
export const connectKeys = {
  'bootstrap.servers': list({ default: null, importance: high, doc: 'Brokers to connect to. Without them the embedded broker is used.' }),
  'client.dns.lookup': string({
    default: 'use_all_dns_ips',
    oneOf: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'],
    doc: 'Accepted, without effect: Node resolves names, and tries each address.',
  }),
  'key.converter': className({ importance: high, doc: 'Converter of record keys, where a connector has none of its own.' }),
  'value.converter': className({ importance: high, doc: 'Converter of record values, where a connector has none of its own.' }),
  'header.converter': className({
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    importance: low,
    doc: 'Converter of record headers, where a connector has none of its own.',
  }),
  'task.shutdown.graceful.timeout.ms': long({ default: 5_000, importance: low, doc: 'Time that all tasks together have to stop.' }),
  'offset.flush.interval.ms': long({ default: 60_000, importance: low, doc: 'How often offsets are committed.' }),
  'offset.flush.timeout.ms': long({ default: 5_000, importance: low, doc: 'How long a commit may take before it counts as failed.' }),
  'plugin.path': list({ default: null, importance: low, doc: 'Folders with plugins.' }),
  'plugin.discovery': string({
    default: 'hybrid_warn',
    oneOf: ['only_scan', 'hybrid_warn', 'hybrid_fail', 'service_load'],
    ignoreCase: true,
    importance: low,
    doc: 'Accepted, without effect: plugins are found by importing modules.',
  }),
  'config.providers': list({ default: [], importance: low, doc: 'Names of providers of ${provider:path:key}.' }),
  'connector.client.config.override.policy': string({
    default: 'All',
    doc: 'Which client settings connectors may override: All, None, Principal (log-in only) or Allowlist.',
    checks: [knownPolicy],
  }),
  'connector.client.config.override.allowlist': list({
    default: [],
    doc: 'The settings that connectors may override with the policy Allowlist.',
  }),
  'topic.creation.enable': boolean({ default: true, importance: low, doc: 'Whether source connectors may create topics by their rules.' }),
  'topic.tracking.enable': boolean({ default: true, importance: low, doc: 'Whether the topics of connectors are remembered.' }),
  'topic.tracking.allow.reset': boolean({ default: true, importance: low, doc: 'Whether remembered topics may be reset.' }),
  'metrics.sample.window.ms': long({ default: 30_000, importance: low, checks: [atLeast(0)], doc: noMetrics }),
  'metrics.num.samples': int({ default: 2, importance: low, checks: [atLeast(1)], doc: noMetrics }),
  'metrics.recording.level': string({ default: 'INFO', oneOf: ['INFO', 'DEBUG'], importance: low, doc: noMetrics }),
  'metric.reporters': list({ default: [jmxReporter], importance: low, doc: noMetrics }),
  listeners: list({ default: ['http://127.0.0.1:8083'], importance: low, checks: [noUrls], doc: 'Where REST listens.' }),
  'rest.advertised.host.name': string({ default: null, importance: low, doc: 'Host name that is given to others.' }),
  'rest.advertised.port': int({ default: null, importance: low, doc: 'Port that is given to others.' }),
  'rest.advertised.listener': string({ default: null, importance: low, doc: 'Listener that is given to others: http or https.' }),
  'access.control.allow.origin': string({ default: '', importance: low, doc: 'Origins that browsers may call from.' }),
  'access.control.allow.methods': string({ default: '', importance: low, doc: 'Methods that browsers may use from there.' }),
  'response.http.headers.config': string({ default: '', importance: low, doc: 'Headers added to answers.' }),
  'admin.listeners': list({ default: null, importance: low, doc: 'Where /admin is served instead.' }),
  'rest.extension.classes': list({ default: [], importance: low, doc: 'Extensions of REST.' }),
  'ssl.client.auth': string({
    default: 'none',
    oneOf: ['required', 'requested', 'none'],
    importance: low,
    doc: 'Whether REST clients need a certificate.',
  }),
} as const;

/** Keys that Connect does not have; those of how tasks are run belong to the worker. */
export const ownKeys = {
  'data.dir': string({ default: '.sluice', doc: 'Folder of the embedded broker.' }),
  'rest.conflict': string({
    default: 'wait',
    oneOf: ['wait', 'reject'],
    importance: low,
    doc: 'What a change to a connector does while another one is under way: wait for it, or be refused at once with 409.',
  }),
  'rest.mask.secrets': boolean({
    default: false,
    importance: low,
    doc: 'Whether secrets of connector configs are hidden in answers of REST.',
  }),
  'rest.max.connections': int({ default: 1_000, importance: low, checks: [atLeast(1)], doc: 'Connections that a listener of REST holds.' }),
  'rest.max.body.bytes': int({ default: 16_777_216, importance: low, checks: [atLeast(1)], doc: 'Largest body of a REST request.' }),
  'rest.receive.timeout.ms': long({
    default: 30_000,
    importance: low,
    checks: [atLeast(1)],
    doc: 'Time in which a REST request has to arrive whole; slower clients are cut off.',
  }),
} as const;

/** With brokers named, Connect's rules hold; on the embedded broker the choice of converters and the data folder are enough. */
export const embeddedConverters = { 'key.converter': json, 'value.converter': json } as const;

/** Keys of standalone mode on brokers. */
export const standaloneKeys = {
  'offset.storage.file.filename': string({ importance: high, doc: 'File that keeps the offsets of source connectors.' }),
} as const;
