import type { Request } from '../send-request.ts';

const TOPIC = 2;
const SET = 0;
const DELETE = 1;

export interface DescribedConfigs {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** What cannot be read, such as a password, is absent. */
  readonly configs: Readonly<Record<string, string>>;
}

/** DescribeConfigs 2 of topics, without synonyms: what is in force, defaults included. */
export const describeConfigs: Request<{ readonly topics: readonly string[] }, { readonly topics: readonly DescribedConfigs[] }> = {
  name: 'DescribeConfigs',
  key: 32,
  version: 2,
  write: (writer, { topics }) => {
    writer.array(topics, (_, name) => writer.int8(TOPIC).string(name).int32(-1)).boolean(false);
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    topics: reader.array(() => {
      const errorCode = reader.int16();
      const errorMessage = reader.nullableString();
      reader.int8();
      const name = reader.string();
      const entries = reader.array(() => {
        const entry = [reader.string(), reader.nullableString()] as const;
        reader.boolean();
        reader.int8();
        reader.boolean();
        reader.array(() => [reader.string(), reader.nullableString(), reader.int8()]);
        return entry;
      });
      const configs = Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== null));
      return { name, errorCode, errorMessage, configs };
    }),
  }),
};

export type ConfigChanges = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

/** IncrementalAlterConfigs 0 of topics: what is not named stays. */
export const alterConfigs: Request<
  { readonly changes: ConfigChanges },
  { readonly answers: readonly { readonly name: string; readonly errorCode: number; readonly errorMessage: string | null }[] }
> = {
  name: 'IncrementalAlterConfigs',
  key: 44,
  version: 0,
  write: (writer, { changes }) => {
    writer.array(Object.entries(changes), (_, [topic, settings]) => {
      writer.int8(TOPIC).string(topic);
      writer.array(Object.entries(settings), (__, [name, value]) =>
        writer
          .string(name)
          .int8(value === null ? DELETE : SET)
          .string(value),
      );
    });
    writer.boolean(false);
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    answers: reader.array(() => {
      const [errorCode, errorMessage] = [reader.int16(), reader.nullableString()];
      reader.int8();
      return { name: reader.string(), errorCode, errorMessage };
    }),
  }),
};
