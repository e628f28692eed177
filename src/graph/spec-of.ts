import { graphErrors } from '../errors/graph.ts';
import type { RawConfig } from '../sdk/config.ts';
import { type Graph, type GraphNode, nameOf, type PluginKind, type PluginUse } from './graph.ts';
import type { NodeSpec, PipelineSpec, PluginRef } from './pipeline-spec.ts';

/** The JSON document of a graph. Fails when a node is a function or a config holds something JSON cannot say. */
export function specOf(graph: Graph): PipelineSpec {
  const faults = graph.nodes.flatMap((node) => whyNotJson(node).map((why) => ({ node: node.name, why })));
  if (faults.length > 0) throw graphErrors.NO_JSON({ pipeline: graph.name, nodes: faults });
  return { name: graph.name, nodes: graph.nodes.flatMap(nodeSpecOf), settings: graph.settings };
}

function whyNotJson(node: GraphNode): readonly string[] {
  switch (node.kind) {
    case 'inline':
      return ['is a function'];
    case 'source':
    case 'sink':
      return configFaults(node.use.config);
    case 'operator':
      return [...configFaults(node.use.config), ...configFaults(node.when?.use.config ?? {})];
    case 'decode':
    case 'encode':
      return [node.uses.key, node.uses.value, node.uses.header].flatMap(({ config }) => configFaults(config));
  }
}

const configFaults = (config: RawConfig): readonly string[] =>
  Object.entries(config).flatMap(([key, value]) => (isJson(value) ? [] : [`has a ${nameOfType(value)} at config.${key}`]));

const nameOfType = (value: unknown): string => (typeof value === 'object' && value !== null ? value.constructor.name : typeof value);

/** What `JSON.parse(JSON.stringify(value))` gives back unchanged. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}

function nodeSpecOf(node: GraphNode): readonly NodeSpec[] {
  const { name } = node;
  const from = 'from' in node && node.from ? { from: [...node.from] } : {};
  switch (node.kind) {
    case 'inline':
      return [];
    case 'source':
      return [{ kind: 'source', name, ...refOf(node.use) }];
    case 'operator': {
      const when = node.when ? { when: { ...refOf(node.when.use), negate: node.when.negate } } : {};
      return [{ kind: 'operator', name, ...from, ...refOf(node.use), ...when }];
    }
    case 'decode':
    case 'encode':
      return [
        { kind: node.kind, name, ...from, key: refOf(node.uses.key), value: refOf(node.uses.value), header: refOf(node.uses.header) },
      ];
    case 'sink':
      return [{ kind: 'sink', name, ...from, ...refOf(node.use) }];
  }
}

const refOf = (use: PluginUse<PluginKind>): PluginRef => ({ plugin: nameOf(use), config: { ...use.config } });
