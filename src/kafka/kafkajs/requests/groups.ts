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

interface DescribedGroup {
  readonly errorCode: number;
  readonly groupId: string;
  readonly state: string;
  readonly protocolType: string;
  readonly protocol: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly clientId: string;
    readonly host: string;
    /** Views of the answer. */
    readonly metadata: Uint8Array;
    readonly assignment: Uint8Array;
  }[];
}

const nothing = new Uint8Array();

/** DescribeGroups 4. */
export const describeGroups: Request<{ readonly groups: readonly string[] }, { readonly groups: readonly DescribedGroup[] }> = {
  name: 'DescribeGroups',
  key: 15,
  version: 4,
  write: (writer, { groups }) => writer.array(groups, (_, group) => writer.string(group)).boolean(false),
  read: (reader) => ({
    throttleMs: reader.int32(),
    groups: reader.array(() => {
      const group = {
        errorCode: reader.int16(),
        groupId: reader.string(),
        state: reader.string(),
        protocolType: reader.string(),
        protocol: reader.string(),
        members: reader.array(() => ({
          memberId: reader.string(),
          instanceId: reader.nullableString(),
          clientId: reader.string(),
          host: reader.string(),
          metadata: reader.nullableBytes() ?? nothing,
          assignment: reader.nullableBytes() ?? nothing,
        })),
      };
      reader.int32();
      return group;
    }),
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
