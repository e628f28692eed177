/** Kafka Connect's exceptions that configs, converters and transforms raise, by their simple name. */
const packages = {
  ConfigException: 'org.apache.kafka.common.config',
  ConnectException: 'org.apache.kafka.connect.errors',
  DataException: 'org.apache.kafka.connect.errors',
  RetriableException: 'org.apache.kafka.connect.errors',
  SchemaBuilderException: 'org.apache.kafka.connect.errors',
  SchemaProjectorException: 'org.apache.kafka.connect.errors',
  SerializationException: 'org.apache.kafka.common.errors',
  ArithmeticException: 'java.lang',
  ArrayIndexOutOfBoundsException: 'java.lang',
  ClassCastException: 'java.lang',
  IllegalArgumentException: 'java.lang',
  IndexOutOfBoundsException: 'java.lang',
  NullPointerException: 'java.lang',
  NumberFormatException: 'java.lang',
  StackOverflowError: 'java.lang',
} as const;

export type ConnectErrorKind = keyof typeof packages;

/** An error with the class and message that Kafka Connect users know: in statuses, dead letter headers and REST answers. */
export class ConnectError extends Error {
  override readonly name: ConnectErrorKind;

  constructor(kind: ConnectErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = kind;
  }

  /** The Java class that Connect would have thrown. */
  get javaClass(): string {
    return `${packages[this.name]}.${this.name}`;
  }

  get retriable(): boolean {
    return this.name === 'RetriableException';
  }
}

/** A value does not fit its schema, or bytes do not hold what they should. */
export const dataException = (message: string, cause?: unknown): ConnectError => new ConnectError('DataException', message, cause);

/** A configuration cannot be used. */
export const configException = (message: string, cause?: unknown): ConnectError => new ConnectError('ConfigException', message, cause);
