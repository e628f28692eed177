import {
  ConnectError,
  type Conversion,
  config,
  convertSide,
  dataException,
  defineForSides,
  type Field,
  fieldNamed,
  fieldPath,
  fieldReader,
  readMember,
  replaceNullField,
  requireMap,
  requireStruct,
  type Schema,
  string,
  type Value,
} from 'sluice/sdk';

const purpose = 'field extraction';
const nested = 'nested field access';

/** Replaces the value by one of its fields, or by a field of a field. */
export const { value: extractField, key: extractFieldKey } = defineForSides({
  name: 'extract-field',
  javaClass: 'org.apache.kafka.connect.transforms.ExtractField',
  summary: 'Replaces the value by one of its fields.',
  config: config(
    {
      field: string({ doc: 'Name of the field, or its path.' }),
      ...replaceNullField,
      'field.syntax.version': string({
        default: 'V1',
        oneOf: ['V1', 'V2'],
        ignoreCase: true,
        importance: 'high',
        doc: 'V1: the field is a name. V2: it is a path whose steps are separated by dots; backticks enclose steps that hold dots.',
      }),
    },
    { check: ({ field, 'field.syntax.version': version }) => pathProblems(field, version) },
  ),
  create: ({ field, 'field.syntax.version': version, 'replace.null.with.default': replaceNulls }, side) => {
    let path: readonly string[] | undefined;
    // An empty path fails the first record, as in Connect, not the start.
    const steps = () => (path ??= fieldPath(field, version));
    return convertSide(side, {
      schemaless: (value) => (value === null ? null : memberAt(requireMap(value, purpose), steps())),
      withSchema: (schema) => conversion(schema, field, steps, replaceNulls),
    });
  },
});

function pathProblems(field: string, version: 'V1' | 'V2') {
  try {
    fieldPath(field, version);
    return [];
  } catch (error) {
    if (error instanceof ConnectError && error.name === 'ConfigException') return [{ key: 'field', message: error.message }];
    return [];
  }
}

function memberAt(members: Value, steps: readonly string[]): Value {
  let current: Value = members;
  for (let i = 0; i < steps.length; i++) {
    if (current === null) return null;
    current = readMember(requireMap(current, nested), steps[i]!);
  }
  return current;
}

function conversion(schema: Schema, field: string, stepsOf: () => readonly string[], replaceNulls: boolean): Conversion {
  // A value that is no struct is refused before its schema is looked into.
  if (schema.type !== 'struct') return { schema, of: (value) => refuse(schema, value, stepsOf) };
  const fields = fieldsAt(schema, stepsOf());
  const last = fields?.at(-1);
  if (fields === undefined || last === undefined) throw new ConnectError('IllegalArgumentException', `Unknown field: ${field}`);
  const readers = fields.map((one) => fieldReader(one, replaceNulls));
  const [first] = readers;
  if (readers.length === 1 && first !== undefined)
    return { schema: last.schema, of: (value) => (value === null ? null : first(requireStruct(schema, value, purpose))) };
  return {
    schema: last.schema,
    of: (value) => {
      let current = value;
      for (let i = 0; i < readers.length; i++) {
        if (current === null) return null;
        const holder = i === 0 ? schema : fields[i - 1]!.schema;
        current = readers[i]!(requireStruct(holder, current, i === 0 ? purpose : nested));
      }
      return current;
    },
  };
}

function refuse(schema: Schema, value: Value, stepsOf: () => readonly string[]): never {
  if (value !== null) requireStruct(schema, value, purpose);
  stepsOf();
  throw noFields();
}

const noFields = (): ConnectError => dataException('Cannot look up fields on non-struct type');

function fieldsAt(schema: Schema, steps: readonly string[]): readonly Field[] | undefined {
  const fields: Field[] = [];
  let current = schema;
  for (const step of steps) {
    if (current.type !== 'struct') throw noFields();
    const field = fieldNamed(current, step);
    if (field === undefined) return undefined;
    fields.push(field);
    current = field.schema;
  }
  return fields;
}
