import { NEVER } from 'rxjs';
import {
  boolean,
  config,
  defineOperator,
  definePredicate,
  defineSource,
  int,
  list,
  long,
  type Password,
  password,
  string,
} from 'sluice/sdk';
import { expect, expectTypeOf, test } from 'vitest';
import type { BatchOperator, ConfigDefinition, ConnectRecord } from '../../src/sdk/index.ts';

const fields = {
  file: string({ doc: 'A file.' }),
  mode: string({ doc: 'A mode.', oneOf: ['move', 'copy'], default: 'copy' }),
  comment: string({ doc: 'A comment.', default: null }),
  'batch.size': int({ doc: 'A size.', default: 2000 }),
  'max.ms': long({ doc: 'A limit.' }),
  names: list({ doc: 'Names.', default: [] }),
  secret: password({ doc: 'A secret.', default: null }),
  strict: boolean({ doc: 'A switch.', default: false }),
};
type Parsed<D> = D extends ConfigDefinition<infer C, unknown> ? C : never;
type Given<D> = D extends ConfigDefinition<unknown, infer I> ? I : never;

test('the parsed config has the types of its kinds', () => {
  const declared = config(fields);
  expectTypeOf<Parsed<typeof declared>>().toEqualTypeOf<{
    readonly file: string;
    readonly mode: 'move' | 'copy';
    readonly comment: string | null;
    readonly 'batch.size': number;
    readonly 'max.ms': number;
    readonly names: readonly string[];
    readonly secret: Password | null;
    readonly strict: boolean;
  }>();
});

test('code must give what has no default, and nothing else', () => {
  const declared = config(fields);
  expectTypeOf<{ file: string; 'max.ms': number }>().toExtend<Given<typeof declared>>();
  expectTypeOf<{ file: string; 'max.ms': number; mode: 'move'; secret: string }>().toExtend<Given<typeof declared>>();
  expectTypeOf<{ file: string }>().not.toExtend<Given<typeof declared>>();
  expectTypeOf<{ file: string; 'max.ms': number; mode: 'delete' }>().not.toExtend<Given<typeof declared>>();
});

test('a definition infers the config of its functions and of its call', () => {
  const operator = defineOperator({
    name: 'toy',
    summary: 'Does nothing.',
    config: config(fields),
    create: ({ file, mode }) => {
      expectTypeOf(file).toEqualTypeOf<string>();
      expectTypeOf(mode).toEqualTypeOf<'move' | 'copy'>();
      return (batches) => batches;
    },
  });
  expectTypeOf(operator({ file: 'a', 'max.ms': 1 })).toEqualTypeOf<BatchOperator>();
  // @ts-expect-error a required key is missing
  expect(() => operator({ file: 'a' })).toThrow();
});

test('a definition whose keys all have defaults can be called without a config', () => {
  const predicate = definePredicate({
    name: 'toy',
    summary: 'Always true.',
    config: config({ n: int({ doc: 'N.', default: 1 }) }),
    create: () => () => true,
  });
  expectTypeOf(predicate()).toEqualTypeOf<(record: ConnectRecord) => boolean>();
  const source = defineSource<{ n: number }, { n: number }, string>({
    name: 'toy',
    summary: 'Silent.',
    config: config({ n: int({ doc: 'N.' }) }),
    open: () => NEVER,
  });
  expectTypeOf(source({ n: 1 }).definition.open).returns.toExtend<object>();
});
