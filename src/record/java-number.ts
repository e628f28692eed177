/** Java's numeric classes where a JavaScript number alone would not tell them. */
export type NumberKind = 'Byte' | 'Short' | 'Integer' | 'Long' | 'Float' | 'Double';

/** A number without schema whose Java class is observable and not the default one (integral: Long, fractional: Double). */
export class JavaNumber {
  readonly kind: NumberKind;
  readonly value: number;

  constructor(kind: NumberKind, value: number) {
    this.kind = kind;
    this.value = value;
  }

  valueOf(): number {
    return this.value;
  }

  /** As `JSON.stringify` writes it: right for whole numbers only, since it has no `1.0`. */
  toJSON(): number {
    return this.value;
  }
}
