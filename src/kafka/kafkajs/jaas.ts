import { kafkaErrors } from '../../errors/kafka.ts';

export interface JaasEntry {
  /** Java class of the login module, without its package. */
  readonly module: string;
  readonly options: Readonly<Record<string, string>>;
}

const FLAGS = ['required', 'requisite', 'sufficient', 'optional'];
const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([=;])|([^\s=;"']+))/gy;

/**
 * The login of a `sasl.jaas.config`: `org.apache.kafka….PlainLoginModule required username="me" password="it's";`.
 *
 * Quoted values may hold anything, a quote behind a backslash. Never quotes its input in an error: it holds passwords.
 */
export function parseJaas(config: string): JaasEntry {
  const tokens = tokensOf(config);
  const [module, flag, ...rest] = tokens;
  if (module === undefined || flag === undefined || !FLAGS.includes(flag.toLowerCase())) {
    throw kafkaErrors.JAAS({ reason: `it must begin with a login module and one of ${FLAGS.join(', ')}` });
  }
  if (rest.at(-1) !== ';') throw kafkaErrors.JAAS({ reason: 'it must end with a semicolon' });
  return { module: module.slice(module.lastIndexOf('.') + 1), options: optionsOf(rest.slice(0, -1)) };
}

function tokensOf(config: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  for (const match of config.trim().matchAll(TOKEN)) {
    const quoted = match[1] ?? match[2];
    tokens.push(quoted?.replace(/\\(.)/g, '$1') ?? match[3] ?? match[4] ?? '');
    at = match.index + match[0].length;
  }
  if (at !== config.trim().length) throw kafkaErrors.JAAS({ reason: 'a quote is not closed' });
  return tokens;
}

function optionsOf(tokens: readonly string[]): Record<string, string> {
  const options: Record<string, string> = {};
  for (let i = 0; i < tokens.length; i += 3) {
    const [name, equals, value] = tokens.slice(i, i + 3);
    if (name === undefined || equals !== '=' || value === undefined)
      throw kafkaErrors.JAAS({ reason: 'its options must be written name="value"' });
    options[name] = value;
  }
  return options;
}
