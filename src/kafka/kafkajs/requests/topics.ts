import type { NewTopic } from '../../driver.ts';
import type { Request } from '../send-request.ts';
import type { WireReader } from '../wire.ts';

/** What the broker says about one named thing. */
export interface Answer {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const answer = (reader: WireReader): Answer => ({
  name: reader.string(),
  errorCode: reader.int16(),
  errorMessage: reader.nullableString(),
});

interface Answers {
  readonly answers: readonly Answer[];
}

/** CreateTopics 4, the first that leaves partitions and replicas to the broker. */
export const createTopics: Request<
  { readonly topics: readonly NewTopic[]; readonly timeoutMs: number; readonly validateOnly: boolean },
  Answers
> = {
  name: 'CreateTopics',
  key: 19,
  version: 4,
  write: (writer, { topics, timeoutMs, validateOnly }) => {
    writer.array(topics, (_, { name, partitions = -1, replicationFactor = -1, configs = {} }) => {
      writer.string(name).int32(partitions).int16(replicationFactor).int32(0);
      writer.array(Object.entries(configs), (__, [key, value]) => writer.string(key).string(value));
    });
    writer.int32(timeoutMs).boolean(validateOnly);
  },
  read: (reader) => ({ throttleMs: reader.int32(), answers: reader.array(answer) }),
};

/** DeleteTopics 3. */
export const deleteTopics: Request<{ readonly names: readonly string[]; readonly timeoutMs: number }, Answers> = {
  name: 'DeleteTopics',
  key: 20,
  version: 3,
  write: (writer, { names, timeoutMs }) => writer.array(names, (_, name) => writer.string(name)).int32(timeoutMs),
  read: (reader) => ({
    throttleMs: reader.int32(),
    answers: reader.array(() => ({ name: reader.string(), errorCode: reader.int16(), errorMessage: null })),
  }),
};

/** CreatePartitions 1. */
export const createPartitions: Request<{ readonly counts: Readonly<Record<string, number>>; readonly timeoutMs: number }, Answers> = {
  name: 'CreatePartitions',
  key: 37,
  version: 1,
  write: (writer, { counts, timeoutMs }) => {
    // The broker chooses which of them hold the new partitions: no assignment.
    writer.array(Object.entries(counts), (_, [name, count]) => writer.string(name).int32(count).int32(-1));
    writer.int32(timeoutMs).boolean(false);
  },
  read: (reader) => ({ throttleMs: reader.int32(), answers: reader.array(answer) }),
};
