import { settingsErrors } from '../errors/settings.ts';
import type { ConfigDefinition, ConfigProblem } from '../sdk/config.ts';
import { config } from '../sdk/config-definition.ts';
import { readPropertiesFile } from './config-file.ts';
import { ConfigReferences, type ImportProvider } from './config-references.ts';
import { settingsFromEnvironment } from './environment.ts';
import type { FlatConfig } from './flat-json.ts';
import { nearNames } from './near-names.ts';
import { tlsKeys } from './tls-keys.ts';
import { connectKeys, embeddedConverters, jmxReporter, ownKeys, standaloneKeys } from './worker-keys.ts';

const embedded = config({ ...connectKeys, ...tlsKeys, ...ownKeys });
const onBrokers = config({ ...connectKeys, ...tlsKeys, ...ownKeys, ...standaloneKeys });

type Parsed<D> = D extends ConfigDefinition<infer C, infer _> ? C : never;
type Settings = Parsed<typeof embedded> & Partial<Parsed<typeof onBrokers>>;

/** The settings of a worker. */
export interface WorkerConfig {
  readonly settings: Settings;
  /** All keys as texts, references replaced: unknown keys and those with prefixes (`producer.`, `value.converter.`) too. */
  readonly originals: Readonly<Record<string, string>>;
  /** What config providers said in the place of references. */
  readonly provided: readonly string[];
  /** For the configurations of connectors, when they are read. */
  readonly references: ConfigReferences;
}

export interface WorkerConfigOptions {
  /** Properties file; without one the environment says all. */
  readonly file?: string;
  /** Default: standalone. */
  readonly mode?: 'standalone' | 'distributed';
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settings of the command line: they win over the environment, which wins over the file. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Further keys to check with the rest. */
  readonly also?: readonly ConfigDefinition[];
  readonly warn: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Default: there are only the providers that come with the worker. */
  readonly importProvider?: ImportProvider;
}

const noOthers: ImportProvider = async () => {
  throw new Error('only those that come with the worker are known');
};

/** Reads and checks the settings of a worker. Fails with all that is wrong, in Connect's words, naming the file. */
export async function readWorkerConfig(options: WorkerConfigOptions): Promise<WorkerConfig> {
  const { file, environment, overrides = {}, also = [], mode = 'standalone', warn, importProvider = noOthers } = options;
  const fromFile = file === undefined ? {} : await readPropertiesFile('worker configuration', file);
  const raw = { ...fromFile, ...settingsFromEnvironment(environment), ...overrides };
  const references = await ConfigReferences.of(raw, { environment, warn, importProvider });
  const resolved = await references.resolve(raw);
  const originals = withDefaults(texts(resolved.config), mode);
  const definition = definitionFor(originals, mode);
  for (const { key, near } of misspelt(Object.keys(raw), [definition, ...also]))
    warn(`the worker has no setting ${key}; is ${near} meant?`, { key, near });
  const { value, problems } = definition.parse(originals);
  const all = byKey([...problems, ...also.flatMap((one) => one.parse(originals).problems)]);
  if (value === undefined || all.length > 0) throw settingsErrors.WORKER_INVALID({ file: file ?? 'environment', problems: all });
  if (value['metric.reporters'].some((reporter) => reporter !== jmxReporter))
    warn('metric.reporters has no effect: there are no metrics yet', { key: 'metric.reporters', value: value['metric.reporters'] });
  return { settings: value, originals, provided: resolved.provided, references };
}

const onKafka = (originals: FlatConfig): boolean => (originals['bootstrap.servers'] ?? '').trim() !== '';

const definitionFor = (originals: FlatConfig, mode: string) => (mode === 'standalone' && onKafka(originals) ? onBrokers : embedded);

function withDefaults(originals: Readonly<Record<string, string>>, mode: string): Readonly<Record<string, string>> {
  // Workers of a cluster reach each other: as Connect's, they listen on all addresses.
  if (mode === 'distributed') return { listeners: 'http://:8083', ...originals };
  return onKafka(originals) ? originals : { ...embeddedConverters, ...originals };
}

const fewEdits = 2;

/** Keys that are none of the worker's, but for a slip. Others may be of its clients, converters and extensions, as in Connect. */
function misspelt(
  keys: readonly string[],
  definitions: readonly ConfigDefinition[],
): readonly { readonly key: string; readonly near: string }[] {
  const known = definitions.flatMap((definition) => definition.keys.map(({ name }) => name));
  return keys.flatMap((key) => {
    const [near] = known.includes(key) ? [] : nearNames(key, known, fewEdits);
    return near === undefined ? [] : [{ key, near }];
  });
}

/** One problem for a key that is declared twice. */
const byKey = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] => [
  ...new Map(problems.map((problem) => [problem.key, problem])).values(),
];

const texts = (config: FlatConfig): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
