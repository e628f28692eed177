/** An error that may not occur again: what was tried is tried again in its place, as the retry settings of the task say. */
export class RetriableError extends Error {
  override readonly name = 'RetriableError';
  readonly retriable = true;
}
