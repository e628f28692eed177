import type { Request } from '../send-request.ts';

/** ListGroups 2: those that the asked broker coordinates. */
export const listGroups: Request<
  Record<never, never>,
  { readonly errorCode: number; readonly groups: readonly { readonly groupId: string; readonly protocolType: string }[] }
> = {
  name: 'ListGroups',
  key: 16,
  version: 2,
  write: () => undefined,
  read: (reader) => ({
    throttleMs: reader.int32(),
    errorCode: reader.int16(),
    groups: reader.array(() => ({ groupId: reader.string(), protocolType: reader.string() })),
  }),
};

/** DeleteGroups 1. */
export const deleteGroups: Request<
  { readonly groups: readonly string[] },
  { readonly groups: readonly { readonly groupId: string; readonly errorCode: number }[] }
> = {
  name: 'DeleteGroups',
  key: 42,
  version: 1,
  write: (writer, { groups }) => writer.array(groups, (_, group) => writer.string(group)),
  read: (reader) => ({
    throttleMs: reader.int32(),
    groups: reader.array(() => ({ groupId: reader.string(), errorCode: reader.int16() })),
  }),
};
