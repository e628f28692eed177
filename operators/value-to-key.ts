import {
  type ConnectRecord,
  config,
  dataException,
  defineOperator,
  distinctValues,
  fieldNamed,
  fieldReader,
  keySide,
  list,
  type Members,
  mapRecord,
  type OpenMembers,
  perSchema,
  readMember,
  replaceNullField,
  requireMap,
  requireStruct,
  type Schema,
  structMaker,
  structSchema,
  writeMember,
} from 'sluice/sdk';

const purpose = 'copying fields from value to key';

/** Makes a new key of some fields of the value. */
export const valueToKey = defineOperator({
  name: 'value-to-key',
  aliases: ['org.apache.kafka.connect.transforms.ValueToKey'],
  summary: 'Makes a new key of some fields of the value.',
  config: config({
    fields: list({
      importance: 'high',
      doc: 'Names of the fields.',
      checks: [distinctValues({ allowEmpty: false, allowNull: false })],
    }),
    ...replaceNullField,
  }),
  touches: ['key', 'value'],
  create: ({ fields, 'replace.null.with.default': replaceNulls }) => {
    const keyOf = perSchema((schema) => structKey(schema, fields, replaceNulls));
    return mapRecord((record) => {
      if (record.valueSchema === null) return keySide.replace(record, null, mapKey(requireMap(record.value, purpose), fields));
      return keyOf(record.valueSchema)(record);
    });
  },
});

function mapKey(members: Members, fields: readonly string[]): Members {
  const key: OpenMembers = {};
  for (const name of fields) writeMember(key, name, readMember(members, name));
  return key;
}

function structKey(schema: Schema, names: readonly string[], replaceNulls: boolean): (record: ConnectRecord) => ConnectRecord {
  // Compiled when the first struct comes: any other value is refused before its fields are looked up.
  let compiled: { readonly keySchema: Schema; make(struct: Members): Members } | undefined;
  const compile = () => {
    const fields = names.map((name) => {
      const field = fieldNamed(schema, name);
      if (field === undefined) throw dataException(`Field does not exist: ${name}`);
      return field;
    });
    return {
      keySchema: structSchema(fields.map((field): readonly [string, Schema] => [field.name, field.schema])),
      make: structMaker(fields.map((field) => ({ name: field.name, schema: field.schema, from: fieldReader(field, replaceNulls) }))),
    };
  };
  return (record) => {
    const struct = requireStruct(schema, record.value, purpose);
    compiled ??= compile();
    return keySide.replace(record, compiled.keySchema, compiled.make(struct));
  };
}
