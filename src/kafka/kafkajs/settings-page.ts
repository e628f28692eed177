import { connectorDefaults } from '../client-defaults.ts';
import type { Setting } from './setting.ts';
import { connectionTable, consumerTable, ignoredTable, producerTable, refusedTable, saslTable, tlsTable } from './settings-table.ts';

const sections = {
  Connection: connectionTable,
  'Encryption (`security.protocol` SSL or SASL_SSL)': tlsTable,
  'Login (`security.protocol` SASL_PLAINTEXT or SASL_SSL)': saslTable,
  Producer: producerTable,
  Consumer: consumerTable,
} as const;

/** The page of all client properties, in Markdown: what each does here, its default, and what to use instead of those that do nothing. */
export function settingsPage(): string {
  const supported = Object.entries(sections).flatMap(([title, table]) => ['', `## ${title}`, '', ...settingRows(table)]);
  return [
    '# Client properties of a real Kafka cluster',
    '',
    '<!-- Written from settings-table.ts: npx vitest run --config test/vitest.config.ts test/kafka/kafkajs/settings-page -u -->',
    '',
    "Properties have the names of Kafka's Java clients, and their defaults where nothing else is said, so that a configuration of Kafka Connect stays as it is.",
    'A worker gives its connectors other defaults for some: they are in a column of their own.',
    'All are read and checked, and each section is about the clients that act on it. Options that the runtime gives a client win over them.',
    ...supported,
    '',
    '## Accepted, without effect',
    '',
    ...table(['Property', 'Why'], ignoredTable),
    '',
    '## Refused',
    '',
    'A configuration with one of these is an error: without them it would do something else than it says.',
    '',
    ...table(['Property', 'What to do'], refusedTable),
    '',
  ].join('\n');
}

function settingRows(settings: Readonly<Record<string, Setting<unknown>>>): string[] {
  const others = Object.entries(settings).map(([name, { default: fallback }]) => otherInWorkers(name, fallback));
  const column = (text: string | undefined): string[] => (others.some((other) => other !== undefined) ? [text ?? ''] : []);
  const rows = Object.entries(settings).map(([name, { kind, default: fallback, doc }], at) => [
    ...[code(name), kind, code(fallback)],
    ...column(code(others[at])),
    doc,
  ]);
  return aligned([['Property', 'Type', 'Default', ...column('In a worker'), 'What it does'], ...rows]);
}

function otherInWorkers(name: string, fallback: string | undefined): string | undefined {
  const given = Object.entries(connectorDefaults).find(([key]) => key === name)?.[1];
  return given === undefined || `${given}` === fallback ? undefined : `${given}`;
}

const table = (titles: readonly [string, string], lines: Readonly<Record<string, string>>): string[] =>
  aligned([titles, ...Object.entries(lines).map(([name, what]) => [code(name), what])]);

const code = (value: string | undefined): string => (value === undefined ? '' : `\`${value}\``);

/** A table whose columns have one width, the first row its titles. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const [titles = []] = rows;
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], filler: string) =>
    `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width, filler)).join(' | ')} |`;
  const [first = '', ...rest] = rows.map((row) => line(row, ' '));
  return [first, line([], '-'), ...rest];
}
