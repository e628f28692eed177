import type { Logger } from './log.ts';

type Line = (message: string, facts?: Readonly<Record<string, unknown>>) => void;

/** A log in the shape that plugins see. */
export const pluginLog = (log: Logger): { readonly debug: Line; readonly info: Line; readonly warn: Line; readonly error: Line } => ({
  debug: (message, facts = {}) => log.debug(facts, message),
  info: (message, facts = {}) => log.info(facts, message),
  warn: (message, facts = {}) => log.warn(facts, message),
  error: (message, facts = {}) => log.error(facts, message),
});
