/** Levels that Jackson reads and writes at most. */
export const maxDepth = 1000;

/** Whether a parsed document has more levels than Jackson reads; `JSON.parse` takes any number. */
export function isTooDeep(node: unknown, left = maxDepth): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (left === 0) return true;
  if (Array.isArray(node)) return node.some((element) => isTooDeep(element, left - 1));
  for (const name in node) if (isTooDeep((node as Record<string, unknown>)[name], left - 1)) return true;
  return false;
}
