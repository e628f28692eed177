import { type JsonNode, type JsonObject, JsonReal } from '../../src/converters/json/node.ts';
import type { Vector } from './vector.ts';

/** The smallest case of each kind, family and shape of answer. */
export function representatives(vectors: readonly Vector[]): ReadonlyArray<readonly [id: string, vector: Vector]> {
  const smallest = new Map<string, Vector>();
  const sizes = new Map<Vector, number>();
  for (const vector of vectors) {
    sizes.set(vector, Object.keys(vector.expect).length === 0 ? 0 : sizeOf(vector.expect));
    const key = [vector.kind, vector.id.replace(/[-/].*$/, ''), ...Object.keys(vector.expect)].join(' ');
    const known = smallest.get(key);
    if (known === undefined || (sizes.get(vector) ?? 0) < (sizes.get(known) ?? 0)) smallest.set(key, vector);
  }
  return Array.from(smallest.values(), (vector) => [vector.id, vector] as const);
}

const sizeOf = (node: JsonNode | undefined): number =>
  isContainer(node) ? Object.values(node).reduce<number>((sum, part) => sum + sizeOf(part), 1) : 1;

/** Every expectation that differs in one place: a leaf of another value or kind of number, a member or element less, an element more. */
export function changesOf(expectation: JsonObject): readonly { readonly path: string; readonly expect: JsonObject }[] {
  // Of exceptions of the Java runtime only the class is compared; the order of members is no part of an answer.
  const error = (expectation['error'] ?? expectation['configError'] ?? null) as JsonObject | null;
  const isFree = (path: string): boolean =>
    path.startsWith('/unordered') || (path.endsWith('rror/message') && String(error?.['class']).startsWith('java.'));
  return changed(expectation, '')
    .filter(({ path }) => !isFree(path))
    .map(({ path, node }) => ({ path, expect: node as JsonObject }));
}

type Change = { readonly path: string; readonly node: JsonNode };

function changed(node: JsonNode, path: string): readonly Change[] {
  if (!isContainer(node)) return others(node).map((other) => ({ path, node: other }));
  if (Array.isArray(node)) {
    const list = node as readonly JsonNode[];
    const inside = list.flatMap((part, i) =>
      changed(part, `${path}/${i}`).map((one) => ({ path: one.path, node: list.with(i, one.node) })),
    );
    const fewer = list.length === 0 ? [] : [{ path: `${path} is one shorter`, node: list.slice(1) }];
    return [...inside, ...fewer, { path: `${path} is one longer`, node: [...list, list[0] ?? 'more'] }];
  }
  const members = node as JsonObject;
  return Object.entries(members).flatMap(([name, part]) =>
    changed(part, `${path}/${name}`).map((one) => ({ path: one.path, node: { ...members, [name]: one.node } })),
  );
}

const isContainer = (node: JsonNode | undefined): node is JsonObject | readonly JsonNode[] =>
  typeof node === 'object' && node !== null && !(node instanceof JsonReal);

function others(node: JsonNode): readonly JsonNode[] {
  if (node === null) return [1];
  if (typeof node === 'boolean') return [!node];
  if (typeof node === 'string') return [`QQ${node}`];
  if (node instanceof JsonReal) return [new JsonReal(`1${node.text.replace('-', '')}`)];
  return [typeof node === 'bigint' ? node + 1n : Number(node) + 1];
}
