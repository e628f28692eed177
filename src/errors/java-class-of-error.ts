import { ConnectError } from './connect-error.ts';

/** The Java class that Connect names for an error; `undefined` for one that it does not know. */
export function javaClassOfError(error: unknown): string | undefined {
  if (error instanceof ConnectError) return error.javaClass;
  return error instanceof Error && error.name.startsWith('java.') ? error.name : undefined;
}
