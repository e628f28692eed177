/** A refusal that REST answers as Kafka Connect does: `{ error_code, message }` with this status. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

export const notFound = (message: string): RestError => new RestError(404, message);
export const conflict = (message: string): RestError => new RestError(409, message);
export const badRequest = (message: string): RestError => new RestError(400, message);
