/**
 * Changes valid documents (texts cut, joined with others, tokens put in, bytes flipped) and reads them with every converter; and settings, with
 * every parser of configs. Whatever they are, they are read or refused by a typed error, each within a bounded time.
 *
 * `npm run fuzz -- converters 1_000_000 SEED`, `npm run fuzz -- configs 1_000_000 SEED`: so many cases for each converter or parser; with one more
 * word, for those that have it in their names.
 */
import { booleanConverter } from '../../src/converters/boolean.ts';
import { byteArrayConverter } from '../../src/converters/byte-array.ts';
import { doubleConverter } from '../../src/converters/double.ts';
import { floatConverter } from '../../src/converters/float.ts';
import { integerConverter } from '../../src/converters/integer.ts';
import { jsonConverter } from '../../src/converters/json.ts';
import { longConverter } from '../../src/converters/long.ts';
import { shortConverter } from '../../src/converters/short.ts';
import { simpleHeaderConverter } from '../../src/converters/simple-header.ts';
import { stringConverter } from '../../src/converters/string.ts';
import { javaClassOfError } from '../../src/errors/java-class-of-error.ts';
import { type Converter, type ConverterDefinition, createConverter } from '../../src/sdk/index.ts';
import { Dice } from '../recorded/generate/dice.ts';
import { headerText, jsonDocument } from '../recorded/generate/documents.ts';
import { mutated } from './mutated-text.ts';

/** One thing that reads what users or brokers hand in. */
export interface TextSubject {
  readonly name: string;
  /** A document of its grammar. */
  valid(dice: Dice): string;
  /** Throws only errors that `isTyped` takes. */
  read(text: string, dice: Dice): void;
  isTyped(error: unknown): boolean;
}

const isConnects = (error: unknown): boolean => javaClassOfError(error) !== undefined;
const made = (definition: ConverterDefinition, config = {}): Converter => createConverter(definition, config, 'header');

function converterSubject(name: string, converter: Converter, valid: (dice: Dice) => string): TextSubject {
  const read = (text: string, dice: Dice): void => {
    const bytes = Buffer.from(text);
    // Now and then no UTF-8 any more.
    if (bytes.length > 0 && dice.chance(0.1)) bytes[dice.whole(0, bytes.length - 1)] = dice.whole(0, 255);
    const answer = converter.toConnectHeader?.('t', 'h', bytes);
    // What was read can be written, or is refused.
    if (answer !== null && answer !== undefined && 'schema' in answer) converter.fromConnectHeader?.('t', 'h', answer.schema, answer.value);
  };
  return { name, valid, read, isTyped: isConnects };
}

const bytesText = (dice: Dice): string => String.fromCharCode(...dice.times(dice.whole(0, 9), () => dice.whole(0, 127)));

export const converterSubjects: readonly TextSubject[] = [
  converterSubject('JsonConverter, envelopes', made(jsonConverter), (dice) => jsonDocument(dice, true)),
  converterSubject('JsonConverter, without schemas', made(jsonConverter, { 'schemas.enable': false }), (dice) => jsonDocument(dice, false)),
  converterSubject('SimpleHeaderConverter', made(simpleHeaderConverter), headerText),
  converterSubject('StringConverter', made(stringConverter), headerText),
  converterSubject('ByteArrayConverter', made(byteArrayConverter), bytesText),
  converterSubject('BooleanConverter', made(booleanConverter), bytesText),
  converterSubject('ShortConverter', made(shortConverter), bytesText),
  converterSubject('IntegerConverter', made(integerConverter), bytesText),
  converterSubject('LongConverter', made(longConverter), bytesText),
  converterSubject('FloatConverter', made(floatConverter), bytesText),
  converterSubject('DoubleConverter', made(doubleConverter), bytesText),
];

export interface TextOutcome {
  readonly read: number;
  readonly refused: number;
  readonly slowestMs: number;
}

const corpusSize = 500;

/** Reads `count` changed documents. Throws, with the text, at one that was refused by an error that is not typed. */
export function fuzzTexts(subject: TextSubject, count: number, seed: number): TextOutcome {
  const dice = new Dice(seed);
  const corpus = dice.times(corpusSize, () => subject.valid(dice));
  let [read, refused, slowestMs] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const text = dice.chance(0.1) ? dice.pick(corpus) : mutated(dice, corpus);
    const start = performance.now();
    try {
      subject.read(text, dice);
      read++;
    } catch (error) {
      if (!subject.isTyped(error)) throw new Error(`${subject.name} threw ${String(error)} for ${JSON.stringify(text)}`, { cause: error });
      refused++;
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  return { read, refused, slowestMs };
}

/** A regular expression may take its whole time limit; whatever else is read takes far less. */
const slowestAllowedMs = 1_500;

/** Whether all cases of the subjects whose names hold `only` were read or refused, none too slowly. */
export function fuzzSubjects(subjects: readonly TextSubject[], cases: number, seed: number, only: string): boolean {
  let slowest = 0;
  for (const [at, subject] of subjects.entries()) {
    if (!subject.name.includes(only)) continue;
    const start = performance.now();
    const { read, refused, slowestMs } = fuzzTexts(subject, cases, seed * 1_000 + at);
    slowest = Math.max(slowest, slowestMs);
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    console.log(`${subject.name}: ${read} read, ${refused} refused, the slowest in ${slowestMs.toFixed(0)} ms; ${seconds} s`);
  }
  return slowest <= slowestAllowedMs;
}

export const fuzzConverters = async (cases = 1_000_000, seed = 1, only = ''): Promise<boolean> =>
  fuzzSubjects(converterSubjects, cases, seed, only);
