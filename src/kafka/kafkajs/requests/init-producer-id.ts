import type { Request } from '../send-request.ts';

/** Who writes: what a broker tells repeated and outdated batches by. */
export interface ProducerIdentity {
  readonly id: bigint;
  readonly epoch: number;
}

export const NO_IDENTITY: ProducerIdentity = { id: -1n, epoch: -1 };

export interface InitProducerIdRequest {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  /** Of a transactional producer that wants its next epoch; `NO_IDENTITY` fences whoever has it. */
  readonly current: ProducerIdentity;
}

/** InitProducerId 4, which tells a producer that it is fenced. */
export const initProducerId: Request<InitProducerIdRequest, ProducerIdentity & { readonly errorCode: number }> = {
  name: 'InitProducerId',
  key: 22,
  version: 4,
  write: (writer, { transactionalId, transactionTimeoutMs, current }) => {
    writer.tags().compactString(transactionalId).int32(transactionTimeoutMs).int64(current.id).int16(current.epoch).tags();
  },
  read: (reader) => {
    reader.tags();
    return { throttleMs: reader.int32(), errorCode: reader.int16(), id: reader.bigint64(), epoch: reader.int16() };
  },
};
