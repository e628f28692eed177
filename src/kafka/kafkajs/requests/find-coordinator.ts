import type { Request } from '../send-request.ts';

const keyTypes = { group: 0, transaction: 1 } as const;

export interface FindCoordinatorRequest {
  /** Group id or transactional id. */
  readonly key: string;
  readonly type: keyof typeof keyTypes;
}

/** FindCoordinator 1. */
export const findCoordinator: Request<
  FindCoordinatorRequest,
  { readonly errorCode: number; readonly errorMessage: string | null; readonly nodeId: number }
> = {
  name: 'FindCoordinator',
  key: 10,
  version: 1,
  write: (writer, { key, type }) => writer.string(key).int8(keyTypes[type]),
  read: (reader) => ({
    throttleMs: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    nodeId: reader.int32(),
  }),
};
