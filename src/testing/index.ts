/** Test kit for pipelines and plugins (published as `sluice/testing`). Imports no test runner. */

export { ChainError } from '../graph/chain-error.ts';
export * from './acks.ts';
export type { ContractCase, ContractSkip } from './contract.ts';
export { type Converted, convertFrom, convertTo } from './convert.ts';
export { type ConverterUnderTest, converterContract } from './converter-contract.ts';
export type { DriverUnderTest } from './driver/bench.ts';
export { driverContract } from './driver-contract.ts';
export type { OwnPlugins } from './load-plugins.ts';
export * from './marbles.ts';
export { type OperatorUnderTest, operatorContract } from './operator-contract.ts';
export { probeSink, type SinkProbe, type SinkProbeOptions } from './probe-sink.ts';
export {
  type Emitted,
  type Logged,
  type OpenSourceOptions,
  openSource,
  type ProbeOptions,
  probeSource,
  type SourceProbe,
} from './probe-source.ts';
export * from './records.ts';
export { type SinkUnderTest, sinkContract } from './sink-contract.ts';
export { type SourceUnderTest, sourceContract } from './source-contract.ts';
export { type RecordTransformer, recordTransformer, type TransformAttempt, transformRecord } from './transform-record.ts';
