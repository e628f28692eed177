/** Test kit for pipelines and plugins (published as `sluice/testing`). Imports no test runner. */
export * from './marbles.ts';
export * from './records.ts';
