import { trim } from '../../java/trim.ts';
import type { ConfigProblem, RawConfig } from '../../sdk/config.ts';
import { deadLetterProblems } from '../connector-config.ts';
import type { PluginKind } from '../graph.ts';

/** What of a worker decides whether a connector can run on it. A standalone worker has no group, and leaves out what belongs to clusters. */
export type WorkerMode =
  | { readonly mode: 'standalone' }
  | {
      readonly mode: 'distributed';
      readonly groupId: string;
      /** Whether source connectors run with exactly-once delivery. */
      readonly exactlyOnce: boolean;
    };

/** What is wrong with several keys together, in Connect's words. */
export function crossChecks(raw: RawConfig, kind: PluginKind, worker: WorkerMode): readonly ConfigProblem[] {
  if (kind === 'sink') return [...topicProblems(raw), ...(worker.mode === 'distributed' ? groupProblems(raw, worker.groupId) : [])];
  return worker.mode === 'distributed' ? exactlyOnceProblems(raw, worker.exactlyOnce) : [];
}

function topicProblems(raw: RawConfig): readonly ConfigProblem[] {
  const [topics, regex] = [textOf(raw['topics']), textOf(raw['topics.regex'])];
  const [hasTopics, hasRegex] = [trim(topics) !== '', trim(regex) !== ''];
  const both = (message: string) => ['topics', 'topics.regex'].map((key) => ({ key, message }));
  return [
    ...(hasTopics && hasRegex ? both('topics and topics.regex are mutually exclusive options, but both are set.') : []),
    ...(hasTopics || hasRegex ? [] : both('Must configure one of topics or topics.regex')),
    // A pattern that is none fails the whole validation, as in Connect.
    ...deadLetterProblems(trim(textOf(raw['errors.deadletterqueue.topic.name'])), hasTopics ? listed(topics) : [], hasRegex ? regex : ''),
  ];
}

/** Each name once. */
const listed = (names: string): readonly string[] => [...new Set(trim(names).split(/\s*,\s*/))].filter((name) => name !== '');

function groupProblems(raw: RawConfig, groupId: string): readonly ConfigProblem[] {
  const key = 'consumer.override.group.id';
  const overridden = textOf(raw[key]);
  const group = overridden === '' ? `connect-${textOf(raw['name'])}` : overridden;
  if (group !== groupId) return [];
  const message = `Consumer group for sink connector named ${textOf(raw['name'])} conflicts with Connect worker group ${groupId}`;
  return [{ key: overridden === '' ? 'name' : key, message }];
}

/** No connector answers yet that it can give exactly-once delivery or ends transactions itself. */
function exactlyOnceProblems(raw: RawConfig, exactlyOnce: boolean): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (textOf(raw['exactly.once.support']).toLowerCase() === 'required') {
    const key = 'exactly.once.support';
    if (!exactlyOnce) problems.push({ key, message: 'This worker does not have exactly-once source support enabled.' });
  }
  if (textOf(raw['transaction.boundary']).toLowerCase() === 'connector') {
    const why = 'The connector does not support connector-defined transaction boundaries with the given configuration.';
    const message = `${why} Please reconfigure it to use a different transaction boundary definition.`;
    problems.push({ key: 'transaction.boundary', message });
  }
  return problems;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
