import { type Admin, type NewTopic, topicPattern } from 'sluice/kafka';
import { topicErrors } from './errors.ts';

/** Keys under `topic.creation.`, as the connector has them. */
export type CreationKeys = Readonly<Record<string, string>>;

/** How topics are made that are not there; `undefined`: by the broker, where it does that by itself. */
export type MakeTopic = (topic: string) => Promise<void>;

/** Which topics a group of rules is for, and what it makes of them. */
interface Group {
  readonly includes: (topic: string) => boolean;
  readonly settings: Omit<NewTopic, 'name'>;
}

const DEFAULT = 'default';
const own = new Set(['include', 'exclude', 'partitions', 'replication.factor']);

/** The rules of Connect's `topic.creation.` groups: the first group that includes a topic makes it, the default group all others. */
export function topicRules(keys: CreationKeys): (topic: string) => NewTopic {
  const names = listOf(keys['groups']).filter((name) => name !== DEFAULT);
  const fallback = groupOf(DEFAULT, keys, undefined);
  const groups = [...names.map((name) => groupOf(name, keys, fallback.settings)), fallback];
  return (topic) => ({ name: topic, ...(groups.find(({ includes }) => includes(topic)) ?? fallback).settings });
}

/** Looks for a topic, and makes it by its rule where it is missing. */
export const topicMaker =
  (rule: (topic: string) => NewTopic, admin: () => Promise<Admin>): MakeTopic =>
  async (topic) => {
    const client = await admin();
    if ((await client.describeTopics([topic])).length === 0) await client.createTopics([rule(topic)]);
  };

function groupOf(name: string, keys: CreationKeys, otherwise: Omit<NewTopic, 'name'> | undefined): Group {
  const mine = Object.entries(keys).flatMap(([key, value]) =>
    key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value] as const] : [],
  );
  const values = new Map(mine);
  const counted = (key: string, inherited: number | undefined) => {
    const text = values.get(key);
    if (text !== undefined) return countOf(`topic.creation.${name}.${key}`, text);
    if (otherwise === undefined) throw topicErrors.CREATION_MISSING({ key: `topic.creation.${name}.${key}` });
    return inherited;
  };
  const partitions = counted('partitions', otherwise?.partitions);
  const replicationFactor = counted('replication.factor', otherwise?.replicationFactor);
  const configs = Object.fromEntries(mine.filter(([key]) => !own.has(key)));
  const settings = { ...(partitions && { partitions }), ...(replicationFactor && { replicationFactor }), configs };
  if (name === DEFAULT) return { includes: () => true, settings };
  const include = patternOf(`topic.creation.${name}.include`, values.get('include'));
  const exclude = patternOf(`topic.creation.${name}.exclude`, values.get('exclude'));
  return { includes: (topic) => include(topic) && !exclude(topic), settings };
}

/** -1 leaves the choice to the broker. */
function countOf(key: string, text: string): number | undefined {
  const value = Number(text.trim());
  if (!Number.isInteger(value) || value === 0 || value < -1) throw topicErrors.CREATION_COUNT({ key, value: text });
  return value === -1 ? undefined : value;
}

/** Whether a whole name matches one of the patterns. */
function patternOf(key: string, text: string | undefined): (topic: string) => boolean {
  const patterns = listOf(text);
  if (patterns.length === 0) return () => false;
  try {
    const any = topicPattern(patterns.join('|'));
    return (topic) => any.test(topic);
  } catch (error) {
    throw topicErrors.CREATION_PATTERN({ key, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}

const listOf = (text: string | undefined): readonly string[] => (text ?? '').split(',').flatMap((part) => part.trim() || []);
