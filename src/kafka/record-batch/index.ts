/** Kafka's record batch, format 2: written and read without a copy or an object for each record. */
export { type BatchOptions, type BuilderLimits, type EncodedBatch, RecordBatchBuilder } from './builder.ts';
export { type ControlMarker, readControlMarker } from './control.ts';
export { type BatchContext, decode, decodeBatches } from './decode.ts';
export { type ControlOptions, type EncodeOptions, encodeBatch, encodeControlBatch } from './encode.ts';
export type { ControlType } from './format.ts';
export { patchBatch } from './patch.ts';
export { type RecordBatch, readBatches } from './record-batch.ts';
export type { DecodeOptions } from './record-index.ts';
