import type { ParsedValue } from './parse-value.ts';
import type { Schema, SchemaType } from './schema.ts';

const numbers: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64'];

/** The schema that fits every value seen: the wider of two number types; none as soon as two values have no schema in common. */
export class SchemaMerger {
  #common: Schema | null = null;
  #compatible = true;

  merge(element: ParsedValue | null): void {
    if (element === null || !this.#compatible) return;
    this.#common = this.#common === null ? element.schema : commonOf(this.#common, element.schema);
    this.#compatible = this.#common !== null;
  }

  /** `null`: there is none, or only nulls were seen. */
  get schema(): Schema | null {
    return this.#common;
  }
}

/** Of one type the later schema is taken, even where names or element types differ. */
function commonOf(previous: Schema, latest: Schema): Schema | null {
  if (previous.type === latest.type) return latest;
  const a = numbers.indexOf(previous.type);
  const b = numbers.indexOf(latest.type);
  return a < 0 || b < 0 ? null : a > b ? previous : latest;
}
