import { ConnectError } from '../errors/connect-error.ts';
import { castNumber } from './cast-number.ts';
import { entriesOf } from './check-value.ts';
import { type Members, type OpenMembers, readMember, writeMember } from './members.ts';
import { fieldNamed, type Schema } from './schema.ts';
import { schemaText } from './schema-text.ts';
import type { Value } from './value.ts';

const promotable = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64'] as const;
const kinds = { int8: 'Byte', int16: 'Short', int32: 'Integer', int64: 'Long', float32: 'Float', float64: 'Double' } as const;
type NumberType = (typeof promotable)[number];

/**
 * A value of one version of a schema as a value of another, as Connect's `SchemaProjector`.
 *
 * Numbers may become wider; names and parameters must be the same. Fields that the target lacks are left out; fields that the source
 * lacks take the target's default, or stay null where it is optional. What cannot be projected throws `SchemaProjectorException`.
 */
export function projectValue(source: Schema, value: Value, target: Schema): Value {
  checkCompatible(source, target);
  if (source.optional && !target.optional) {
    const fallback = target.default ?? null;
    if (fallback === null) throw failure('Writer schema is optional, however, target schema does not provide a default value.');
    return value === null ? fallback : projectPresent(source, value, target);
  }
  return value === null ? null : projectPresent(source, value, target);
}

const failure = (message: string, cause?: unknown): ConnectError => new ConnectError('SchemaProjectorException', message, cause);
const isNumberType = (type: string): type is NumberType => (promotable as readonly string[]).includes(type);

function checkCompatible(source: Schema, target: Schema): void {
  if (source.type !== target.type) {
    if (isPromotable(source, target)) return;
    throw failure(`Schema type mismatch. source type: ${source.type.toUpperCase()} and target type: ${target.type.toUpperCase()}`);
  }
  if (source.name !== target.name) throw failure(`Schema name mismatch. source name: ${source.name} and target name: ${target.name}`);
  const [own, wanted] = [textOf(source.parameters), textOf(target.parameters)];
  const same = own === wanted || sorted(source.parameters) === sorted(target.parameters);
  if (!same) throw failure(`Schema parameters not equal. source parameters: ${own} and target parameters: ${wanted}`);
}

/** In their order: they are no `HashMap`. */
const textOf = (parameters: Schema['parameters']): string =>
  parameters === null ? 'null' : `{${Array.from(parameters, ([name, value]) => `${name}=${value}`).join(', ')}}`;
const sorted = (parameters: Schema['parameters']): string => JSON.stringify(parameters === null ? null : [...parameters].sort());

const isPromotable = ({ type: from }: Schema, { type: to }: Schema): boolean =>
  isNumberType(from) && isNumberType(to) && promotable.indexOf(from) <= promotable.indexOf(to);

function projectPresent(source: Schema, value: Exclude<Value, null>, target: Schema): Value {
  switch (target.type) {
    case 'struct':
      return projectStruct(source, value as Members, target);
    case 'array':
      return (value as readonly Value[]).map((element) => projectPart(source.valueSchema, element, target.valueSchema));
    case 'map':
      return new Map(
        Array.from(entriesOf(value), ([key, member]) => [
          projectPart(source.keySchema, key, target.keySchema),
          projectPart(source.valueSchema, member, target.valueSchema),
        ]),
      );
    default:
      return promoted(source, value, target);
  }
}

function promoted(source: Schema, value: Exclude<Value, null>, target: Schema): Value {
  if (!(typeof value === 'number' || typeof value === 'bigint')) return value;
  if (!isNumberType(source.type) || !isNumberType(target.type) || source.type === target.type) return value;
  return castNumber({ value, kind: kinds[source.type] }, kinds[target.type]);
}

/** Elements of unknown schema are as they are. */
const projectPart = (source: Schema | null, value: Value, target: Schema | null): Value =>
  source === null || target === null ? value : projectValue(source, value, target);

function projectStruct(source: Schema, value: Members, target: Schema): Value {
  const projected: OpenMembers = {};
  for (const { name, schema } of target.fields ?? []) {
    const field = fieldNamed(source, name);
    if (field !== undefined) {
      const old = readMember(value, name) ?? field.schema.default ?? null;
      writeMember(projected, name, projectField(name, field.schema, old, schema));
    } else if (schema.optional || (schema.default ?? null) !== null) {
      writeMember(projected, name, schema.default ?? null);
    } else {
      throw failure(`Required field \`${name}\` is missing from source schema: ${schemaText(source)}`);
    }
  }
  return projected;
}

function projectField(name: string, source: Schema, value: Value, target: Schema): Value {
  try {
    return projectValue(source, value, target);
  } catch (error) {
    throw error instanceof ConnectError && error.name === 'SchemaProjectorException' ? failure(`Error projecting ${name}`, error) : error;
  }
}
