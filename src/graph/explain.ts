import { type Graph, type GraphNode, nameOf } from './graph.ts';

/** A pipeline as text: one line for each node, in the order of the flow. Configurations are left out: they may hold secrets. */
export function explainText({ name, nodes }: Graph): string {
  const rows = nodes.map((node) => [node.kind, node.name, describe(node)] as const);
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [kinds, names] = [width(0), width(1)];
  return [name, ...rows.map(([kind, node, plugin]) => `  ${kind.padEnd(kinds)}  ${node.padEnd(names)}  ${plugin}`.trimEnd())].join('\n');
}

/** A pipeline as a Mermaid flowchart. */
export function explainMermaid({ nodes }: Graph): string {
  const boxes = nodes.map((node, i) => `  n${i}${shape(node)}`);
  const arrows = nodes.flatMap((node, i) => feedersOf(nodes, node, i).map((from) => `  n${from} --> n${i}`));
  return ['flowchart LR', ...boxes, ...arrows].join('\n');
}

/** One node of a pipeline for a document: what it is, and what feeds it. Configurations are left out: they may hold secrets. */
export interface ExplainedNode {
  readonly name: string;
  readonly kind: GraphNode['kind'];
  /** Names of its plugins, with their conditions. */
  readonly does: string;
  /** Names of the nodes before it. */
  readonly from: readonly string[];
}

/** The nodes of a pipeline, in the order of the flow. */
export const explainNodes = ({ nodes }: Graph): readonly ExplainedNode[] =>
  nodes.map((node, i) => ({
    name: node.name,
    kind: node.kind,
    does: describe(node),
    from: feedersOf(nodes, node, i).flatMap((from) => nodes[from]?.name ?? []),
  }));

function describe(node: GraphNode): string {
  switch (node.kind) {
    case 'inline':
      return 'a function';
    case 'decode':
    case 'encode':
      return `key ${nameOf(node.uses.key)}, value ${nameOf(node.uses.value)}, headers ${nameOf(node.uses.header)}`;
    case 'operator': {
      const when = node.when ? ` ${node.when.negate ? 'unless' : 'when'} ${nameOf(node.when.use)}` : '';
      return `${nameOf(node.use)}${when}`;
    }
    case 'source':
    case 'sink':
      return nameOf(node.use);
  }
}

/** Ends are rounded, stages are boxes. */
function shape(node: GraphNode): string {
  const text = `"${escaped(node.name)}<br/>${escaped(describe(node))}"`;
  return node.kind === 'source' || node.kind === 'sink' ? `([${text}])` : `[${text}]`;
}

/** Mermaid reads `#` and `"` in a quoted text, and HTML. */
const escaped = (text: string): string => text.replace(/[#"<>&]/g, (character) => `#${character.charCodeAt(0)};`);

function feedersOf(nodes: readonly GraphNode[], node: GraphNode, index: number): readonly number[] {
  if (node.from === undefined) return index === 0 ? [] : [index - 1];
  return node.from.map((name) => nodes.findIndex((candidate) => candidate.name === name)).filter((from) => from >= 0);
}
