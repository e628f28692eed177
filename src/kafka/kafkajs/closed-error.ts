import { DriverError } from '../driver.ts';

export const closedError = (what: string): DriverError => new DriverError('fatal', `The ${what} is closed. Open a new one.`);
