import type { GraphProblem } from '../errors/graph.ts';
import type { Graph, GraphNode } from './graph.ts';

/** What keeps the nodes from being one line: a source, stages in order, a sink. */
export function lineProblems(graph: Graph): readonly GraphProblem[] {
  return [
    ...endProblems(graph),
    ...graph.nodes.flatMap((node, index) => [...nameProblems(graph, node, index), ...orderProblems(graph, node, index)]),
  ];
}

function endProblems({ name, nodes }: Graph): readonly GraphProblem[] {
  return (['source', 'sink'] as const).flatMap((kind) => {
    const count = nodes.filter((node) => node.kind === kind).length;
    if (count === 1) return [];
    return [{ node: name, path: 'nodes', message: `It has ${count} ${kind}s.`, remedy: `Give it exactly one ${kind}.` }];
  });
}

function nameProblems({ nodes }: Graph, { name }: GraphNode, index: number): readonly GraphProblem[] {
  if (nodes.findIndex((node) => node.name === name) === index) return [];
  const message = `Node ${index + 1} has the name of an earlier node.`;
  return [{ node: name, path: `nodes[${index}].name`, message, remedy: 'Give every node a name of its own.' }];
}

function orderProblems({ nodes }: Graph, node: GraphNode, index: number): readonly GraphProblem[] {
  const at = (path: string, message: string, remedy: string) => [{ node: node.name, path: `nodes.${node.name}${path}`, message, remedy }];
  if (node.kind === 'source') return index === 0 ? [] : at('', 'A source stands behind another node.', 'Put it first.');
  if (node.kind === 'sink' && index < nodes.length - 1) return at('', 'A sink stands before another node.', 'Put it last.');
  const before = nodes[index - 1];
  if (before === undefined) return at('', 'Nothing feeds the first node.', 'Begin with a source.');
  if (node.from === undefined || (node.from.length === 1 && node.from[0] === before.name)) return [];
  const unknown = node.from.filter((from) => !nodes.some(({ name }) => name === from));
  if (unknown.length > 0)
    return at('.from', `There is no node named ${unknown.join(', ')}.`, `Use the name of a node, such as ${before.name}.`);
  return at(
    '.from',
    `It is fed by ${node.from.join(', ')}: a branch.`,
    `Only a line can run: leave from out, or set it to ${before.name}.`,
  );
}
