import type { GraphProblem } from '../errors/graph.ts';
import type { Holds } from '../sdk/operator.ts';
import type { PipelineSettings } from './pipeline-spec.ts';

/** What a node of the graph declares to hold. */
export interface Holding {
  readonly node: string;
  readonly path: string;
  readonly holds: Holds;
}

/** Limits that a node would run into by holding what it declares: each would stop the pipeline for good once the node is full. */
export function holdsProblems(holdings: readonly Holding[], settings: PipelineSettings): readonly GraphProblem[] {
  return holdings.flatMap(({ node, path, holds }) =>
    limitsOf(settings)
      .filter(({ exceededBy }) => exceededBy(holds))
      .map(({ setting, value, held, orKey = '' }) => ({
        node,
        path,
        message: `It holds ${held(holds)} before it lets go, but ${setting} is ${value}.`,
        remedy: `Raise settings.${setting}${orKey}, or let the node hold less.`,
      })),
  );
}

interface Limit {
  readonly setting: string;
  /** What a connector sets instead. */
  readonly orKey?: string;
  readonly value: number | null;
  held(holds: Holds): string;
  exceededBy(holds: Holds): boolean;
}

const limitsOf = ({ span, window, watchdogMs }: PipelineSettings): readonly Limit[] => [
  { setting: 'span', value: span, held: inRecords, exceededBy: ({ records = 0 }: Holds) => records > span },
  // Records that a node releases leave the window at once, however long it holds them.
  {
    setting: 'window.records',
    value: window.records,
    held: inRecords,
    exceededBy: ({ records = 0, releases = false }: Holds) => !releases && records > window.records,
  },
  {
    setting: 'watchdogMs',
    orKey: ' (task.watchdog.ms of a connector)',
    value: watchdogMs,
    held: inMs,
    exceededBy: ({ forMs = 0 }: Holds) => watchdogMs !== null && forMs >= watchdogMs,
  },
];

const inRecords = ({ records }: Holds): string => `${records} records`;
const inMs = ({ forMs }: Holds): string => `records for ${forMs} ms`;
