import {
  type Conversion,
  config,
  convertSide,
  Decimal,
  dataException,
  defineForSides,
  entriesOf,
  type FieldSource,
  fieldReader,
  JavaNumber,
  java,
  javaClassName,
  type Members,
  makeSchema,
  memberOf,
  type OpenMembers,
  requireMap,
  requireStruct,
  type Schema,
  string,
  structLike,
  structMaker,
  type Value,
  writeMember,
} from 'sluice/sdk';

const purpose = 'flattening';

/** Replaces structs and maps inside the value by their members, named by their path. Lists stay as they are. */
export const { value: flatten, key: flattenKey } = defineForSides({
  name: 'flatten',
  javaClass: 'org.apache.kafka.connect.transforms.Flatten',
  summary: 'Replaces structs and maps inside the value by their members.',
  config: config({ delimiter: string({ default: '.', doc: 'What separates the names of a path.' }) }),
  create: ({ delimiter }, side) =>
    convertSide(side, {
      skipsNull: true,
      schemaless: (value) => flattened(requireMap(value, purpose), delimiter),
      withSchema: (schema) => conversion(schema, delimiter),
    }),
});

/** Of several members that get one path, the last of Java's maps stays: only then does their order count. */
function flattened(members: Members, delimiter: string): OpenMembers {
  const flat: OpenMembers = {};
  if (flattenMembers(flat, members, '', delimiter)) return flat;
  const again: OpenMembers = {};
  flattenInto(again, members, '', { delimiter, entries: hashedEntries });
  return again;
}

const hashedEntries: typeof entriesOf = (members) => {
  const byName = new Map(Array.from(entriesOf(members), ([name, value]): [string, Value] => [String(name), value]));
  return java.hashOrder(byName.keys()).map((name) => [name, byName.get(name) ?? null] as const);
};

interface Walk {
  readonly delimiter: string;
  readonly entries: typeof entriesOf;
}

/** The same for maps that are objects, as those of JSON are: without a list of their entries. */
function flattenMembers(flat: OpenMembers, members: Members, prefix: string, delimiter: string): boolean {
  let distinct = true;
  for (const name in members) {
    const value = members[name] as Value;
    const path = prefix === '' ? name : prefix + delimiter + name;
    if (isMap(value)) {
      const inside =
        value instanceof Map
          ? flattenInto(flat, value, path, { delimiter, entries: entriesOf })
          : flattenMembers(flat, value as Members, path, delimiter);
      distinct = inside && distinct;
    } else {
      if (flat[path] !== undefined && Object.hasOwn(flat, path)) distinct = false;
      writeMember(flat, path, value);
    }
  }
  return distinct;
}

/** `false`: a path was written twice. */
function flattenInto(flat: OpenMembers, members: Value, prefix: string, walk: Walk): boolean {
  let distinct = true;
  for (const [name, value] of walk.entries(members)) {
    const path = prefix === '' ? String(name) : `${prefix}${walk.delimiter}${String(name)}`;
    if (isMap(value)) distinct = flattenInto(flat, value, path, walk) && distinct;
    else {
      if (flat[path] !== undefined && Object.hasOwn(flat, path)) distinct = false;
      writeMember(flat, path, value);
    }
  }
  return distinct;
}

function isMap(value: Value): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (value instanceof JavaNumber || value instanceof Uint8Array) return false;
  if (!(value instanceof Date || value instanceof Decimal)) return true;
  throw dataException(
    `Flatten transformation was passed a value of type class ${javaClassName(value)} which is not supported by Connect's data API`,
  );
}

function conversion(schema: Schema, delimiter: string): Conversion {
  if (schema.type !== 'struct') return { schema, of: (value) => requireStruct(schema, value, purpose) };
  const leaves: FieldSource[] = [];
  gather(leaves, {
    schema,
    prefix: '',
    delimiter,
    optional: schema.optional,
    fallback: schema.default ?? null,
    reader: (struct) => struct,
  });
  const flat = structLike(
    schema,
    leaves.map((leaf) => [leaf.name, leaf.schema]),
  );
  const make = structMaker(leaves);
  return { schema: flat, of: (value) => make(requireStruct(schema, value, purpose)) };
}

/** A struct on the way down. */
interface Level {
  readonly schema: Schema;
  readonly prefix: string;
  readonly delimiter: string;
  /** It or one above it may be null. */
  readonly optional: boolean;
  /** Its default, from its own schema or those above. */
  readonly fallback: Value;
  reader(root: Members): Value;
}

function gather(leaves: FieldSource[], level: Level): void {
  for (const field of level.schema.fields ?? []) {
    const { name, schema } = field;
    const path = level.prefix === '' ? name : `${level.prefix}${level.delimiter}${name}`;
    const optional = level.optional || schema.optional;
    const fallback = schema.default ?? (level.fallback === null ? null : (memberOf(level.fallback, name) ?? null));
    const read = fieldReader(field, true);
    const reader = (root: Members) => {
      const holder = level.reader(root);
      return holder === null ? null : read(holder as Members);
    };
    if (schema.type === 'struct') gather(leaves, { schema, prefix: path, delimiter: level.delimiter, optional, fallback, reader });
    else if (schema.type === 'map')
      throw dataException(`Flatten transformation does not support MAP for record with schemas (for field ${path}).`);
    else leaves.push({ name: path, schema: makeSchema({ ...schema, optional, default: fallback ?? undefined }), from: reader });
  }
}
