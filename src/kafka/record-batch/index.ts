/** Kafka's record batch, format 2: written and read without a copy or an object for each record. */

export { type BatchOptions, type EncodedBatch, RecordBatchBuilder, timeError } from './builder.ts';
export { allocate, type TextBuffer } from './bytes.ts';
export { readControlMarker } from './control.ts';
export { decode, decodeBatches } from './decode.ts';
export { encodeBatch, encodeControlBatch } from './encode.ts';
export { patchBatch, stampProducer } from './patch.ts';
export { type RecordBatch, readBatches } from './record-batch.ts';
