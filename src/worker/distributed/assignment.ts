/** What of the cluster's work is this worker's, as the group has decided. */
export interface Assignment {
  /** Counts decisions: who has let go of something must not hide what was said of it since. */
  readonly generation: number;
  /** Whether this worker writes configs, tasks and restarts, and cleans up behind others. */
  readonly leads: boolean;
  runsConnector(name: string): boolean;
  runsTask(name: string, task: number): boolean;
}

/** The decision of a group of one: everything is its only member's. */
export const alone = (generation: number): Assignment => ({
  generation,
  leads: true,
  runsConnector: () => true,
  runsTask: () => true,
});
