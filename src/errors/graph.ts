import { errorTable } from './error-table.ts';

/** One thing wrong with a pipeline. */
export interface GraphProblem {
  /** Name of the node, or of the pipeline where no single node is at fault. */
  readonly node: string;
  /** Where it was configured: a path into the document, or a Connect key. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

const line = ({ node, path, message, remedy }: GraphProblem): string => `  ${node} at ${path}: ${sentence(message)} ${remedy}`;

/** Some of Connect's messages, which are kept to the letter, do not end like sentences. */
const sentence = (message: string): string => (/[.!?:]$/.test(message) ? message : `${message}.`);

export const graphErrors = errorTable('GRAPH', {
  /** All problems of one pipeline at once. */
  INVALID: {
    message: ({ pipeline, problems }: { pipeline: string; problems: readonly GraphProblem[] }) =>
      `Pipeline ${pipeline} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map(line).join('\n')}`,
    remedy: '',
    status: 400,
  },
  NO_JSON: {
    message: ({ pipeline, nodes }: { pipeline: string; nodes: readonly { readonly node: string; readonly why: string }[] }) =>
      `Pipeline ${pipeline} cannot be written as JSON: ${nodes.map(({ node, why }) => `${node} ${why}`).join('; ')}.`,
    remedy:
      'Make each a plugin with defineOperator (defineSource, defineSink), give it a JSON config and use it by name; or run the pipeline from code.',
    status: 400,
  },
});
