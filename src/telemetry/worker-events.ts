import type { Logger } from './log.ts';

/** What is told of a connector, or of one of its tasks. */
export interface WorkerEventFacts {
  readonly kind: string;
  readonly connector: string;
  readonly task?: number;
  readonly state?: string;
  readonly trace?: string;
  readonly records?: number;
}

/** One line for each event of a worker: failures as errors, what a user did as information, the rest at level debug. Commits are told by the task. */
export function logWorkerEvent(log: Logger, { kind, ...facts }: WorkerEventFacts): void {
  if (kind === 'offsets-committed') return;
  const message = `${kind.replaceAll('-', ' ')}${facts.state === undefined ? '' : ` ${facts.state}`}`;
  if (facts.state === 'FAILED') log.error(facts, message);
  else if (/^connector-(created|updated|deleted)$/.test(kind)) log.info(facts, message);
  else log.debug(facts, message);
}
