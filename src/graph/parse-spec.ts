import { type GraphProblem, graphErrors } from '../errors/graph.ts';
import { type PipelineSpec, pipelineSpec } from './pipeline-spec.ts';

/** The complete document of what may be one. Fails with everything that is wrong with it, each with its path. */
export function parseSpec(document: unknown): PipelineSpec {
  const result = pipelineSpec.safeParse(document);
  if (result.success) return result.data;
  const name = nameIn(document);
  const problems = result.error.issues.map(
    ({ path, message }): GraphProblem => ({
      node: name,
      path: path.length === 0 ? 'the document' : path.join('.'),
      message: `${message}.`,
      remedy: 'Correct the document.',
    }),
  );
  throw graphErrors.INVALID({ pipeline: name, problems });
}

const nameIn = (document: unknown): string =>
  typeof document === 'object' && document !== null && 'name' in document && typeof document.name === 'string'
    ? document.name
    : 'without a name';
