import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isObject } from '../../src/record/check-value.ts';
import { Decimal } from '../../src/record/decimal.ts';
import { numberKindOf } from '../../src/record/java-class.ts';
import { JavaNumber } from '../../src/record/java-number.ts';
import { javaText } from '../../src/record/java-text.ts';
import { parseValue } from '../../src/record/parse-value.ts';
import type { Schema } from '../../src/record/schema.ts';
import type { Value } from '../../src/record/value.ts';

/** Answers of Connect's `Values.parseString` (Apache Kafka 4.3.1): the schema, and the value with the class of each part. */
interface Recorded {
  readonly x: string;
  readonly r: string;
}

const recorded = readFileSync(new URL('./parse-value.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line));

function schemaText(schema: Schema | null): string {
  if (schema === null) return 'null';
  const parameters = schema.parameters === null ? '' : `{${Array.from(schema.parameters, ([key, value]) => `${key}=${value}`).join(', ')}}`;
  const name = schema.name === null ? '' : `:${schema.name.split('.').at(-1)}${parameters}`;
  if (schema.type === 'array') return `array${name}<${schemaText(schema.valueSchema)}>`;
  if (schema.type === 'map') return `map${name}<${schemaText(schema.keySchema)},${schemaText(schema.valueSchema)}>`;
  return schema.type + name;
}

function classText(value: Value, schema: Schema | null): string {
  if (value === null) return 'null';
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[${value.map((element) => classText(element, schema?.valueSchema ?? null)).join(',')}]`;
  const map = value instanceof Map ? value : isObject(value) ? new Map<Value, Value>(Object.entries(value)) : undefined;
  if (map !== undefined) {
    const entries = Array.from(map, ([k, v]) => `${classText(k, schema?.keySchema ?? null)}=${classText(v, schema?.valueSchema ?? null)}`);
    return `{${entries.join(',')}}`;
  }
  if (value instanceof Decimal) return `BigDecimal(${value})`;
  if (typeof value === 'string') return `String(${value})`;
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber) {
    return `${numberKindOf(value, schema)}(${javaText(value, schema)})`;
  }
  return `Boolean(${value})`;
}

/** Where Java's hash map iterates in another order than the text: maps are compared as sets of entries. */
const sorted = (text: string): string => [...text].sort().join('');

describe('parseValue', () => {
  test(`answers ${recorded.length} recorded texts as Connect does`, () => {
    expect(recorded.length).toBeGreaterThan(1000);
    const answers = recorded.map(({ x }) => {
      const parsed = parseValue(x);
      return { x, r: parsed === null ? 'NULL' : `${schemaText(parsed.schema)} ${classText(parsed.value, parsed.schema)}` };
    });
    const wrong = answers.filter(({ r }, i) => r !== recorded[i]?.r && sorted(r) !== sorted(recorded[i]?.r ?? ''));
    expect(wrong).toEqual([]);
  });

  test('takes a text nested beyond every use as a string', () => {
    const text = '['.repeat(100_000);
    expect(parseValue(text)).toMatchObject({ value: text });
  });
});
