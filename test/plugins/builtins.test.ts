import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtins } from '../../src/plugins/builtins.ts';
import { namesOf } from '../../src/plugins/plugin-entry.ts';

const root = new URL('../../', import.meta.url);
const kinds = new Set(['source', 'sink', 'operator', 'predicate', 'converter']);

/** Modules that define plugins: a file each, or the index of a folder each. */
const modules = [
  ...list('operators')
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `operators/${name}`),
  ...list('src/converters')
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/converters/${name}`),
  ...list('connectors')
    .filter((name) => !name.includes('.'))
    .map((name) => `connectors/${name}/index.ts`),
];

function list(folder: string): readonly string[] {
  try {
    return readdirSync(new URL(folder, root)).sort();
  } catch {
    return [];
  }
}

const isDefinition = (value: unknown): value is { readonly kind: string; readonly name: string; readonly aliases?: readonly string[] } =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && 'kind' in value && kinds.has(String(value.kind));

async function definitionsIn(module: string): Promise<readonly unknown[]> {
  const exported: Record<string, unknown> = await import(new URL(module, root).href);
  return Object.values(exported).filter(isDefinition);
}

test.each(modules)('every plugin of %s is listed', async (module) => {
  const listed = await Promise.all(builtins.map(({ load }) => load()));
  for (const definition of await definitionsIn(module)) expect(listed).toContain(definition);
});

describe.each(builtins.map((entry) => [`${entry.kind} ${entry.name}`, entry] as const))('%s', (_title, entry) => {
  test('is listed under the names it gives itself', async () => {
    const definition = await entry.load();
    expect(entry.kind).toBe(definition.kind);
    expect(entry.name).toBe(definition.name);
    expect(namesOf(entry).toSorted()).toEqual(namesOf({ ...entry, aliases: definition.aliases ?? [] }).toSorted());
  });
});

test('there is something to compare', () => {
  expect(modules.map((module) => basename(module))).not.toEqual([]);
  expect(builtins.length).toBeGreaterThan(0);
});
