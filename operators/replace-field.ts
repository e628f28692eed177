import {
  type Conversion,
  checkField,
  config,
  convertSide,
  dataException,
  defineForSides,
  distinctValues,
  type Field,
  fieldNamed,
  fieldReader,
  invalidValue,
  JavaNumber,
  java,
  list,
  type Members,
  numberKindOf,
  type OpenMembers,
  replaceNullField,
  requireMap,
  requireStruct,
  type Schema,
  structLike,
  structMaker,
  type Value,
  writeMember,
} from 'sluice/sdk';

const purpose = 'field replacement';
const distinct = distinctValues({ allowNull: false });

/** Leaves fields of the value out, and renames others. */
export const { value: replaceField, key: replaceFieldKey } = defineForSides({
  name: 'replace-field',
  javaClass: 'org.apache.kafka.connect.transforms.ReplaceField',
  summary: 'Leaves fields of the value out, and renames others.',
  config: config({
    exclude: list({ default: [], doc: 'Names of fields to leave out; stronger than include.', checks: [distinct] }),
    include: list({ default: [], doc: 'Names of the fields to keep; empty: all.', checks: [distinct] }),
    renames: list({ default: [], doc: 'Pairs old:new of names. The other keys go by old names.', checks: [renamesProblem] }),
    ...replaceNullField,
  }),
  create: (settings, side) => {
    const selection = selectionOf(settings);
    const select = selector(selection);
    return convertSide(side, {
      skipsNull: true,
      schemaless: (value) => select(requireMap(value, purpose)),
      withSchema: (schema) => conversion(schema, selection, settings['replace.null.with.default']),
    });
  },
});

interface Selection {
  keeps(name: string): boolean;
  renamed(name: string): string;
  original(name: string): string;
}

interface Settings {
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly renames: readonly string[];
}

function renamesProblem(renames: readonly string[] | null, name: string): string | undefined {
  const wrong = (renames ?? []).find((mapping) => java.split(mapping, ':').length !== 2);
  return wrong === undefined ? undefined : invalidValue(renames, name, `Invalid rename mapping: ${wrong}`);
}

function selectionOf({ exclude, include, renames }: Settings): Selection {
  const excluded = new Set(exclude);
  const included = new Set(include);
  const to = new Map(renames.map((mapping) => java.split(mapping, ':') as [string, string]));
  // Of several names that become one, the last of Java's map is where the field is read from.
  const from = new Map(java.hashOrder(to.keys()).map((name) => [to.get(name), name]));
  return {
    keeps: (name) => !excluded.has(name) && (included.size === 0 || included.has(name)),
    renamed: (name) => to.get(name) ?? name,
    original: (name) => from.get(name) ?? name,
  };
}

/** What becomes of maps with these names in this order. */
interface Shape {
  readonly names: readonly string[];
  /** New name of each; `null`: left out. */
  readonly targets: readonly (string | null)[];
  /** Has all new names: a copy of it is a map of the final shape at once. */
  readonly template: OpenMembers;
}

/** Selects members of maps. Those in a row mostly have the same names: then none is looked up. */
function selector({ keeps, renamed }: Selection): (members: Members) => OpenMembers {
  let last: Shape = { names: [], targets: [], template: {} };
  return (members) => {
    const known = selectBy(last, members);
    if (known !== undefined) return known;
    const names = Object.keys(members);
    const targets = lastOfEach(
      names,
      names.map((name) => (keeps(name) ? renamed(name) : null)),
    );
    const template: OpenMembers = {};
    for (const target of targets) if (target !== null) writeMember(template, target, null);
    last = { names, targets, template };
    return selectBy(last, members) ?? template;
  };
}

/** Of several names that become one, the last of Java's map is the one that stays. */
function lastOfEach(names: readonly string[], targets: readonly (string | null)[]): readonly (string | null)[] {
  const kept = targets.filter((target) => target !== null);
  if (new Set(kept).size === kept.length) return targets;
  const targetOf = new Map(names.map((name, i) => [name, targets[i] ?? null]));
  const winners = new Map(java.hashOrder(names).map((name) => [targetOf.get(name), name]));
  return targets.map((target, i) => (winners.get(target) === names[i] ? target : null));
}

/** `undefined`: the map has other names. */
function selectBy({ names, targets, template }: Shape, members: Members): OpenMembers | undefined {
  const selected: OpenMembers = { ...template };
  let i = 0;
  for (const name in members) {
    if (name !== names[i]) return undefined;
    const target = targets[i++];
    if (target !== null && target !== undefined) selected[target] = members[name] as Value;
  }
  return i === names.length ? selected : undefined;
}

function conversion(schema: Schema, { keeps, renamed, original }: Selection, replaceNulls: boolean): Conversion {
  if (schema.type !== 'struct') return { schema, of: (value) => requireStruct(schema, value, purpose) };
  const kept = (schema.fields ?? []).filter((field) => keeps(field.name));
  const updated = structLike(
    schema,
    kept.map((field) => [renamed(field.name), field.schema]),
  );
  const make = structMaker(
    (updated.fields ?? []).map((field) => ({
      name: field.name,
      schema: field.schema,
      from: reader(schema, original(field.name), field, replaceNulls),
    })),
  );
  return { schema: updated, of: (value) => make(requireStruct(schema, value, purpose)) };
}

/** Reads the field that a new one comes from: with several renames to one name it may be another than its schema says. */
function reader(schema: Schema, name: string, target: Field, replaceNulls: boolean): (struct: Members) => Value {
  const source = fieldNamed(schema, name);
  if (source === undefined) {
    return () => {
      throw dataException(`${name} is not a valid field name`);
    };
  }
  const read = fieldReader(source, replaceNulls);
  if (source.schema === target.schema) return read;
  return (struct) => {
    const value = read(struct);
    checkField(target.name, target.schema, source.schema.type === target.schema.type ? value : withClass(value, source.schema));
    return value;
  };
}

/** Its class goes by the schema that it comes from. */
const withClass = (value: Value, schema: Schema): Value =>
  typeof value === 'number' ? new JavaNumber(numberKindOf(value, schema), value) : value;
