/** What a plugin author sees (published as `sluice/sdk`). */

export { ConnectError, type ConnectErrorKind, configException, dataException } from '../errors/connect-error.ts';
export { type ErrorEntry, errorTable, SluiceError } from '../errors/error-table.ts';
export type { Ack, EndReason, Flow, Policy, RetrySchedule } from '../record/ack.ts';
export type { Batch } from '../record/batch.ts';
export { Decimal } from '../record/decimal.ts';
export { type Children, fork } from '../record/fork.ts';
export { gather, type Parents } from '../record/gather.ts';
export { type Header, type Headers, noHeaders } from '../record/headers.ts';
export { type Interceptor, intercept } from '../record/intercept.ts';
export { JavaNumber, type NumberKind } from '../record/java-number.ts';
export { delivered, type Failure, filtered, type Outcome, returned, type Stage } from '../record/outcome.ts';
export type { ConnectRecord, Origin, RawRecord } from '../record/record.ts';
export * from '../record/schema.ts';
export type { Value } from '../record/value.ts';
export type * from './config.ts';
export * from './config-checks.ts';
export { type ConfigInput, type ConfigOf, config } from './config-definition.ts';
export * from './config-kinds.ts';
export * from './context.ts';
export * from './converter.ts';
export * from './define.ts';
export type * from './operator.ts';
export { Password } from './password.ts';
export type * from './sink.ts';
export type * from './source.ts';
