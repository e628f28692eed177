import { configException } from '../../errors/connect-error.ts';
import { trim } from '../../java/trim.ts';
import type { ConfigKey, ConfigType, RawConfig } from '../../sdk/config.ts';
import { invalidValue } from '../../sdk/config-checks.ts';
import { boolean, className, double, int, list, long, password, short, string } from '../../sdk/config-kinds.ts';
import { renderedText } from '../../sdk/config-text.ts';
import { withPrefix } from '../with-prefix.ts';
import { type Client, clientKeys } from './client-keys.ts';
import { type Appendix, appendixOf } from './converter-keys.ts';
import { describeKey, type ReportedKey } from './report.ts';
import type { ClientKeyRow } from './security-keys.ts';

/** Which client settings connectors may override; a worker has one. */
export interface OverridePolicy {
  /** As Connect's messages name it. */
  readonly name: string;
  allows(key: string): boolean;
}

const principalKeys = new Set(['sasl.jaas.config', 'sasl.mechanism', 'security.protocol']);

/** The policies that come with Connect, by the settings of a worker; `undefined` for another. */
export function overridePolicy(worker: RawConfig): OverridePolicy | undefined {
  const given = trim(String(worker['connector.client.config.override.policy'] ?? 'All'));
  const name = given.replace(/^org\.apache\.kafka\.connect\.connector\.policy\.(\w+)ConnectorClientConfigOverridePolicy$/, '$1');
  const short = name.replace(/ConnectorClientConfigOverridePolicy$/, '');
  const allowed = String(worker['connector.client.config.override.allowlist'] ?? '').split(/\s*,\s*/);
  const policies: Readonly<Record<string, (key: string) => boolean>> = {
    All: () => true,
    None: () => false,
    Principal: (key) => principalKeys.has(key),
    Allowlist: (key) => allowed.map(trim).includes(key),
  };
  const allows = Object.hasOwn(policies, short) ? policies[short] : undefined;
  return allows && { name: short, allows };
}

/** The overrides of one client that a connector config sets. One that cannot be read fails the whole validation, as in Connect. */
export function overridesOf(client: Client, raw: RawConfig, policy: OverridePolicy): Appendix {
  const prefix = `${client}.override.`;
  const configs = Object.entries(withPrefix(raw, prefix)).map(([name, value]): ReportedKey => {
    const row = clientKeys[client].get(name);
    const why = `The '${policy.name}' policy does not allow '${name}' to be overridden in the connector configuration.`;
    return {
      definition: row === undefined ? null : describeKey(keyOf(row, client)),
      value: {
        name,
        value: row === undefined ? renderedText(value) : read(row, value),
        errors: policy.allows(name) ? [] : [why],
        recommendedValues: [],
        visible: true,
      },
    };
  });
  return appendixOf(prefix, configs);
}

function keyOf([name, type, importance, defaultValue]: ClientKeyRow, client: Client): ConfigKey {
  return { name, type, importance, defaultValue, doc: `The setting ${name} of Kafka's ${client}.` };
}

const options = { doc: '' };
/** A class that no connector brings is Kafka's own or the Java runtime's. */
const find = (name: string) => (/^(org\.apache\.kafka|java)\./.test(name) ? name : undefined);
const kinds = {
  BOOLEAN: boolean(options),
  STRING: string(options),
  INT: int(options),
  SHORT: short(options),
  LONG: long(options),
  DOUBLE: double(options),
  LIST: list(options),
  CLASS: className({ ...options, find }),
  PASSWORD: password(options),
} as const satisfies Record<ConfigType, unknown>;

function read([name, type]: ClientKeyRow, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const result = kinds[type].schema.safeParse(value);
  if (!result.success) throw configException(invalidValue(value, name, result.error.issues[0]?.message ?? ''));
  return renderedText(result.data, type);
}
