import type { Runnable } from '../../worker/compiled-of.ts';

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Only so far as to tell a pipeline from something else: the compiler says what is wrong with it. */
export const isRunnable = (value: unknown): value is Runnable =>
  isObject(value) && ('graph' in value || 'nodes' in value || 'connector.class' in value);
