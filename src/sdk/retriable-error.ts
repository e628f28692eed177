/** An error that may not occur again: what was tried is tried again in its place, as the retry settings of the task say. */
export class RetriableError extends Error {
  override readonly name = 'RetriableError';
  readonly retriable = true;
}

/** Whether an error says so itself: `retriable: true`, as the errors of the port and of the error tables do. */
export const isRetriable = (error: unknown): error is Error & { readonly retriable: true } =>
  error instanceof Error && 'retriable' in error && error.retriable === true;
