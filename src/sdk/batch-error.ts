/** Some records of a write failed: those named fail, all others are delivered. Index = position in the records of the write. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
  readonly failures: ReadonlyMap<number, unknown>;

  constructor(failures: ReadonlyMap<number, unknown>, message = `${failures.size} records of the batch failed`) {
    super(message);
    this.failures = failures;
  }
}
