import { RestError } from '../errors/rest-error.ts';

/** A start of which nobody knows how it would have ended: something else was asked of the connector first. */
export class Overtaken extends RestError {
  constructor(connector: string) {
    super(500, `Connector ${connector} had not started yet when it was asked for something else.`);
  }
}
