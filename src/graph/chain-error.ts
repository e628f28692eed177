import { ConnectError } from '../errors/connect-error.ts';

/** A chain that cannot be built: refused when its keys were validated one by one, or later, when its plugins were configured. */
export class ChainError extends ConnectError {
  readonly at: 'validate' | 'configure';

  constructor(at: ChainError['at'], message: string) {
    super('ConfigException', message);
    this.at = at;
  }
}
