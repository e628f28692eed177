import { type Logger, pino } from 'pino';

export type { Logger };

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Names under which a secret may stand in the facts of a line (I10). */
const secrets = ['password', 'secret', 'token', 'authorization', '["sasl.jaas.config"]'].flatMap((name) => [
  name,
  name.startsWith('[') ? `*${name}` : `*.${name}`,
]);

export interface LogOptions {
  readonly level?: Level;
  /** Where lines go; standard error by default, since standard output belongs to data. */
  readonly write?: (line: string) => void;
  /** Takes secrets out of a line. */
  readonly redact?: (line: string) => string;
}

/** The process' log: one JSON line for each thing worth telling, on standard error. Quiet when all is well. */
export function createLog({ level = 'warn', write, redact }: LogOptions = {}): Logger {
  const lines = write ? { write } : pino.destination({ dest: 2, sync: true });
  const destination = redact ? { write: (line: string) => void lines.write(redact(line)) } : lines;
  const children = new Set<WeakRef<Logger>>();
  const onChild = (child: Logger) => void children.add(new WeakRef(child));
  const hidden = { paths: secrets, censor: '[hidden]' };
  const log = pino({ level, base: null, redact: hidden, serializers: { error: describe }, onChild }, destination);
  childrenOf.set(log, children);
  return log;
}

const childrenOf = new WeakMap<Logger, Set<WeakRef<Logger>>>();

/** Changes the level of a log that `createLog` made, and of those that were made of it: pino leaves them as they were. */
export function setLogLevel(log: Logger, level: Level): void {
  log.level = level;
  const children = childrenOf.get(log) ?? new Set();
  for (const reference of children) {
    const child = reference.deref();
    if (child === undefined) children.delete(reference);
    else child.level = level;
  }
}

/** An error without its stack: a known one says what to do, an unknown one is told by name. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return { name: error.name, message: error.message, ...code, ...cause };
}
