import type { ConnectRecord } from '../record/record.ts';
import { filterRecord } from './filter-record.ts';
import { flatMapRecord } from './flat-map-record.ts';
import { mapRecord } from './map-record.ts';
import type { BatchOperator } from './operator.ts';
import { route } from './route.ts';
import { stepOf } from './stepped.ts';

export interface WhenOptions {
  /** Applies the operator where the predicate is false instead. */
  readonly negate?: boolean;
}

/**
 * Sends the records for which `predicate` is true through `operator`; the others pass unchanged.
 *
 * The order of all records is kept where the operator is a lifted function (`mapRecord`, `filterRecord`, `flatMapRecord`, `when` of
 * these). Any other operator is a branch: order holds along it and along the records that pass it by, not between the two.
 */
export function when<A = ConnectRecord>(
  predicate: (record: A) => boolean,
  operator: BatchOperator<A>,
  { negate = false }: WhenOptions = {},
): BatchOperator<A> {
  const applies = negate ? (record: A) => !predicate(record) : predicate;
  const step = stepOf(operator);
  switch (step?.kind) {
    case 'map':
      return mapRecord((record) => (applies(record) ? step.map(record) : record));
    case 'filter':
      return filterRecord((record) => !applies(record) || step.keep(record));
    case 'flatMap':
      return flatMapRecord((record) => (applies(record) ? step.expand(record) : [record]));
    case undefined:
      return route((record: A) => (applies(record) ? 'through' : 'past'), { through: operator, past: (batches) => batches });
  }
}
