import {
  type ConnectRecord,
  type Conversion,
  config,
  convertSide,
  defineForSides,
  int32Schema,
  int64Schema,
  invalidValue,
  JavaNumber,
  type OpenMembers,
  optionalInt32Schema,
  optionalInt64Schema,
  optionalStringSchema,
  replaceNullField,
  requireMap,
  requireOffset,
  requireStruct,
  type Schema,
  string,
  stringSchema,
  structCopier,
  structLike,
  timestampSchema,
  type Value,
  writeMember,
} from 'sluice/sdk';

const purpose = 'field insertion';
const suffix = 'A trailing ! makes it required, ? or nothing optional.';
const fieldName = (what: string) => string({ default: null, doc: `Name of the field for ${what}; without it, none. ${suffix}` });

/** Adds fields to the value: where the record came from, when, or a fixed text. */
export const { value: insertField, key: insertFieldKey } = defineForSides({
  name: 'insert-field',
  javaClass: 'org.apache.kafka.connect.transforms.InsertField',
  summary: 'Adds fields to the value: topic, partition, offset, timestamp or a fixed text.',
  config: config(
    {
      'topic.field': fieldName('the topic'),
      'partition.field': fieldName('the partition'),
      'offset.field': fieldName('the offset, of sink connectors only'),
      'timestamp.field': fieldName('the timestamp'),
      'static.field': fieldName('the fixed text'),
      'static.value': string({ default: null, doc: 'The fixed text.' }),
      ...replaceNullField,
    },
    { check: problemsOf },
  ),
  touches: ['topic', 'partition', 'timestamp'],
  create: (settings, side) => {
    const insertions = insertionsOf(settings);
    return convertSide(side, {
      skipsNull: true,
      schemaless: (value, record) => {
        const members: OpenMembers = { ...requireMap(value, purpose) };
        for (const { name, plain } of insertions) {
          const inserted = plain(record);
          if (inserted !== null) writeMember(members, name, inserted);
        }
        return members;
      },
      withSchema: (schema) => conversion(schema, insertions, settings['replace.null.with.default']),
    });
  },
});

type Place = 'topic' | 'partition' | 'offset' | 'timestamp' | 'static';
type Settings = { readonly [P in Place as `${P}.field`]: string | null } & { readonly 'static.value': string | null };

interface Insertion {
  readonly name: string;
  readonly schema: Schema;
  /** `null`: the record has none. */
  typed(record: ConnectRecord): Value;
  /** In a place without schema. */
  plain(record: ConnectRecord): Value;
}

function problemsOf(settings: Settings) {
  if (places.every((place) => settings[`${place}.field`] === null))
    return [{ key: 'topic.field', message: 'No field insertion configured' }];
  if (settings['static.field'] === null || settings['static.value'] !== null) return [];
  const spec = 'org.apache.kafka.connect.transforms.InsertField$InsertionSpec@0';
  return [{ key: 'static.value', message: invalidValue(null, 'static.value', `No value specified for static field: ${spec}`) }];
}

const places = ['topic', 'partition', 'offset', 'timestamp', 'static'] as const;

function insertionsOf(settings: Settings): readonly Insertion[] {
  const fixed = settings['static.value'];
  const kinds = {
    topic: same(stringSchema, optionalStringSchema, (record) => record.topic),
    partition: {
      schemas: [int32Schema, optionalInt32Schema],
      typed: (record: ConnectRecord) => record.partition,
      plain: (record: ConnectRecord) => (record.partition === null ? null : new JavaNumber('Integer', record.partition)),
    },
    offset: same(int64Schema, optionalInt64Schema, (record) => requireOffset(record, purpose)),
    timestamp: {
      schemas: [timestampSchema(), timestampSchema({ optional: true })],
      typed: (record: ConnectRecord) => (record.timestamp === null ? null : new Date(record.timestamp)),
      plain: (record: ConnectRecord) => record.timestamp,
    },
    static: same(stringSchema, optionalStringSchema, () => fixed),
  } as const;
  return places.flatMap((place) => {
    const field = settings[`${place}.field`];
    if (field === null) return [];
    const required = field.endsWith('!');
    const { schemas, typed, plain } = kinds[place];
    const name = required || field.endsWith('?') ? field.slice(0, -1) : field;
    return [{ name, schema: schemas[required ? 0 : 1], typed, plain }];
  });
}

const same = (required: Schema, optional: Schema, read: (record: ConnectRecord) => Value) =>
  ({ schemas: [required, optional], typed: read, plain: read }) as const;

function conversion(schema: Schema, insertions: readonly Insertion[], replaceNulls: boolean): Conversion {
  if (schema.type !== 'struct') return { schema, of: (value) => requireStruct(schema, value, purpose) };
  const added = insertions.map((insertion): readonly [string, Schema] => [insertion.name, insertion.schema]);
  const kept = (schema.fields ?? []).map((field): readonly [string, Schema] => [field.name, field.schema]);
  const copy = structCopier(schema, replaceNulls);
  return {
    schema: structLike(schema, [...kept, ...added]),
    of: (value, record) => {
      const members = copy(requireStruct(schema, value, purpose));
      for (let i = 0; i < insertions.length; i++) {
        const insertion = insertions[i]!;
        writeMember(members, insertion.name, insertion.typed(record));
      }
      return members;
    },
  };
}
