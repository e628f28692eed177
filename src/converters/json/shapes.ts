import type { NumberReading, Parsed } from './parse.ts';
import { type Shape, shapeOf } from './shape.ts';

const mostShapes = 4;
const fullCredit = 64;
/** A document that no shape reads costs 1, one more to look for its shape, and one that is read earns 1. */
const learningEvery = 8;
const learningCost = 8;
/** Documents without a try once credit is spent. */
const restLength = 10_000;

/**
 * Reads documents of the shapes that came last: those in a row mostly have the same.
 *
 * Where too few do, it rests, so that a stream of documents that have little in common costs hardly more than without it.
 */
export class Shapes<T> {
  readonly #reading: NumberReading<T>;
  #shapes: Shape<T>[] = [];
  #credit = fullCredit;
  #missed = 0;
  #rest = 0;

  constructor(reading: NumberReading<T>) {
    this.#reading = reading;
  }

  /** `undefined`: of no shape that is known. */
  read(text: string): Parsed<T | number> | undefined {
    const shapes = this.#shapes;
    for (let i = 0; i < shapes.length; i++) {
      const read = shapes[i]!.read(text);
      if (read === undefined) continue;
      if (i > 0) shapes.unshift(...shapes.splice(i, 1));
      if (this.#credit < fullCredit) this.#credit++;
      return read;
    }
    return undefined;
  }

  /** Takes what was read of a text that had no shape. */
  learn(text: string, document: unknown): void {
    if (this.#rest > 0) {
      this.#rest--;
      return;
    }
    this.#credit--;
    if (this.#missed++ % learningEvery === 0) this.#add(shapeOf(document, text, this.#reading));
    if (this.#credit > 0) return;
    this.#shapes = [];
    this.#credit = fullCredit;
    this.#rest = restLength;
  }

  #add(shape: Shape<T> | undefined): void {
    this.#credit -= learningCost;
    if (shape === undefined || this.#shapes.some(({ source }) => source === shape.source)) return;
    this.#shapes.unshift(shape);
    if (this.#shapes.length > mostShapes) this.#shapes.pop();
  }
}
