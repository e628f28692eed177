import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from enlarging the young generation while a start fills it with what stays: 15 MB that a worker without work never needs again.
 *
 * It holds for the threads of the process too, until `growAgain`.
 */
export const growSlowly = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** As V8 does by itself. */
export const growAgain = (): void => setFlagsFromString('--semi-space-growth-factor=2');
