import { cliErrors } from '../../errors/cli.ts';

/** A name that can stand before the colon of a line. */
export function loginName(name: string): string {
  if (name === '' || /[:#\s]/.test(name)) throw cliErrors.LOGIN_NAME({ name });
  return name;
}
