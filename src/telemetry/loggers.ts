import type { Level } from './log.ts';

/** Levels as Connect's REST names them, and what they are here. */
const levels: Readonly<Record<string, Level>> = {
  OFF: 'silent',
  FATAL: 'fatal',
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'trace',
  ALL: 'trace',
};

/** A logger whose level was set. */
export interface LoggerLevel {
  readonly level: string;
  /** Milliseconds since the epoch; `null`: it is as it was at the start. */
  readonly lastModified: number | null;
}

const root = 'root';
/** The loggers that write: all lines of Sluice are of one, as of now. */
const writing = new Set([root, 'sluice']);

/**
 * The levels of loggers by name, as Connect's REST shows and changes them. `root` and `sluice` are the levels of this process' log; any other name
 * is kept, and nothing writes by it.
 */
export class Loggers {
  readonly #levels = new Map<string, LoggerLevel>();
  readonly #apply: (level: Level) => void;

  /** @param apply sets the level of the log */
  constructor(level: Level, apply: (level: Level) => void) {
    this.#levels.set(root, { level: nameOf(level), lastModified: null });
    this.#apply = apply;
  }

  /** By name. */
  get all(): ReadonlyMap<string, LoggerLevel> {
    return new Map([...this.#levels].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  find(name: string): LoggerLevel | undefined {
    return this.#levels.get(canonical(name));
  }

  /** Whether there is a level of this name. */
  static knows(level: string): boolean {
    return Object.hasOwn(levels, level.trim().toUpperCase());
  }

  /** Sets a logger and those that begin with its name, all of them for `root`; answers with the names of those that had another level. */
  set(name: string, given: string, now = Date.now()): readonly string[] {
    const level = given.trim().toUpperCase();
    const own = canonical(name);
    const concerned = new Set([own, ...[...this.#levels.keys()].filter((other) => own === root || other.startsWith(own))]);
    const changed = [...concerned].filter((other) => this.#effective(other) !== level).sort();
    for (const each of changed) {
      this.#levels.set(each, { level, lastModified: now });
      if (writing.has(each)) this.#apply(levels[level] ?? 'info');
    }
    return changed;
  }

  /** The level of a logger without one of its own is that of the nearest above it. */
  #effective(name: string): string | undefined {
    const own = this.#levels.get(name);
    if (own !== undefined) return own.level;
    const dot = name.lastIndexOf('.');
    return this.#effective(dot === -1 ? root : name.slice(0, dot));
  }
}

const canonical = (name: string): string => (name.toLowerCase() === root ? root : name);

const nameOf = (level: Level): string => (level === 'silent' ? 'OFF' : level.toUpperCase());
