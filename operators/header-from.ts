import {
  type ConnectRecord,
  checkHeader,
  config,
  defineForSides,
  type Field,
  fieldNamed,
  fieldReader,
  type Header,
  list,
  type Members,
  mapRecord,
  notEmptyList,
  nullPointerException,
  type OpenMembers,
  perSchema,
  readMember,
  replaceNullField,
  requireMap,
  requireStruct,
  type Schema,
  type Side,
  string,
  structLike,
  structMaker,
  writeMember,
} from 'sluice/sdk';

/** Copies or moves fields of the value into headers, behind those that the record has. */
export const { value: headerFrom, key: headerFromKey } = defineForSides({
  name: 'header-from',
  javaClass: 'org.apache.kafka.connect.transforms.HeaderFrom',
  summary: 'Copies or moves fields of the value into headers.',
  config: config(
    {
      fields: list({ importance: 'high', doc: 'Names of the fields.', checks: [notEmptyList] }),
      headers: list({ importance: 'high', doc: 'Names of the headers, in the order of the fields.', checks: [notEmptyList] }),
      operation: string({ importance: 'high', oneOf: ['move', 'copy'], doc: 'Whether the fields leave the value.' }),
      ...replaceNullField,
    },
    {
      check: ({ fields, headers }) =>
        fields.length === headers.length
          ? []
          : [{ key: 'headers', message: "'fields' config must have the same number of elements as 'headers' config." }],
    },
  ),
  touches: ['headers'],
  create: (settings, side) => {
    const plan: Plan = { ...settings, side, replaceNulls: settings['replace.null.with.default'], purpose: `header ${settings.operation}` };
    const withSchema = perSchema((schema) => structCase(plan, schema));
    const plain = mapCase(plan);
    return mapRecord((record) => {
      const schema = side.schemaOf(record);
      return schema === null ? plain(record) : withSchema(schema)(record);
    });
  },
});

interface Plan {
  readonly fields: readonly string[];
  readonly headers: readonly string[];
  readonly operation: 'move' | 'copy';
  readonly side: Side;
  readonly replaceNulls: boolean;
  readonly purpose: string;
}

type Step = (record: ConnectRecord) => ConnectRecord;

const withHeaders = (record: ConnectRecord, added: readonly Header[]): ConnectRecord => ({
  ...record,
  headers: record.headers.length === 0 ? added : [...record.headers, ...added],
});

function mapCase({ fields, headers, operation, side, purpose }: Plan): Step {
  const moved = new Set(fields);
  return (record) => {
    const members = requireMap(side.valueOf(record), purpose);
    const added = fields.map((name, i): Header => ({ key: headers[i]!, schema: null, value: readMember(members, name) }));
    if (operation === 'copy') return withHeaders(record, added);
    // Not by `delete`, after which an object is slow in all that comes behind.
    const left: OpenMembers = {};
    for (const name in members) if (!moved.has(name)) writeMember(left, name, members[name] ?? null);
    return withHeaders(side.replace(record, null, left), added);
  };
}

function structCase({ fields, headers, operation, side, replaceNulls, purpose }: Plan, schema: Schema): Step {
  // Compiled when the first struct comes: any other value is refused before its fields are looked up.
  let compiled: { readonly headerOf: readonly ((struct: Members) => Header)[]; readonly left: Left } | undefined;
  return (record) => {
    const struct = requireStruct(schema, side.valueOf(record), purpose);
    compiled ??= {
      left: withoutFields(schema, new Set(operation === 'move' ? fields : []), replaceNulls),
      headerOf: fields.map((name, i) => headerReader(fieldNamed(schema, name), headers[i]!, replaceNulls)),
    };
    const { headerOf, left } = compiled;
    const moved = operation === 'copy' ? record : side.replace(record, left.schema, left.make(struct));
    return withHeaders(
      moved,
      headerOf.map((read) => read(struct)),
    );
  };
}

function headerReader(field: Field | undefined, key: string, replaceNulls: boolean): (struct: Members) => Header {
  if (field === undefined) throw nullPointerException('Cannot read the schema of a field that does not exist');
  const read = fieldReader(field, replaceNulls);
  return (struct) => {
    const value = read(struct);
    checkHeader(field.schema, value);
    return { key, schema: field.schema, value };
  };
}

interface Left {
  readonly schema: Schema;
  make(struct: Members): Members;
}

function withoutFields(schema: Schema, moved: ReadonlySet<string>, replaceNulls: boolean): Left {
  const kept = (schema.fields ?? []).filter(({ name }) => !moved.has(name));
  return {
    schema: structLike(
      schema,
      kept.map((field) => [field.name, field.schema]),
    ),
    make: structMaker(kept.map((field) => ({ name: field.name, schema: field.schema, from: fieldReader(field, replaceNulls) }))),
  };
}
