import type { Bytes } from '../../driver.ts';
import type { Request } from '../send-request.ts';
import type { MemberIdentity } from './group-offsets.ts';

const nothing = new Uint8Array();

export interface JoinRequest {
  readonly groupId: string;
  readonly sessionMs: number;
  readonly rebalanceMs: number;
  /** Empty: a new member. */
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly protocolType: string;
  readonly protocols: readonly { readonly name: string; readonly metadata: Bytes }[];
}

export interface Joined {
  readonly errorCode: number;
  readonly generation: number;
  readonly protocol: string;
  readonly leaderId: string;
  readonly memberId: string;
  /** For the leader: every member with what it said of itself. Views of the answer. */
  readonly members: readonly { readonly memberId: string; readonly instanceId: string | null; readonly metadata: Bytes }[];
}

/** JoinGroup 5. The answer comes when all members have joined. */
export const joinGroup: Request<JoinRequest, Joined> = {
  name: 'JoinGroup',
  key: 11,
  version: 5,
  write: (writer, request) => {
    writer.string(request.groupId).int32(request.sessionMs).int32(request.rebalanceMs);
    writer.string(request.memberId).string(request.instanceId).string(request.protocolType);
    writer.array(request.protocols, (_, { name, metadata }) => writer.string(name).bytesField(metadata));
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    errorCode: reader.int16(),
    generation: reader.int32(),
    protocol: reader.string(),
    leaderId: reader.string(),
    memberId: reader.string(),
    members: reader.array(() => ({
      memberId: reader.string(),
      instanceId: reader.nullableString(),
      metadata: reader.nullableBytes() ?? nothing,
    })),
  }),
};

/** SyncGroup 3. Assignments are the leader's; the answer comes when it has sent them. */
export const syncGroup: Request<
  MemberIdentity & { readonly assignments: ReadonlyMap<string, Bytes> },
  { readonly errorCode: number; readonly assignment: Bytes }
> = {
  name: 'SyncGroup',
  key: 14,
  version: 3,
  write: (writer, { groupId, generation, memberId, instanceId, assignments }) => {
    writer.string(groupId).int32(generation).string(memberId).string(instanceId);
    writer.array([...assignments], (_, [member, assignment]) => writer.string(member).bytesField(assignment));
  },
  read: (reader) => ({ throttleMs: reader.int32(), errorCode: reader.int16(), assignment: reader.nullableBytes() ?? nothing }),
};

/** Heartbeat 3. */
export const heartbeat: Request<MemberIdentity, { readonly errorCode: number }> = {
  name: 'Heartbeat',
  key: 12,
  version: 3,
  write: (writer, { groupId, generation, memberId, instanceId }) =>
    writer.string(groupId).int32(generation).string(memberId).string(instanceId),
  read: (reader) => ({ throttleMs: reader.int32(), errorCode: reader.int16() }),
};

/** LeaveGroup 3. */
export const leaveGroup: Request<
  { readonly groupId: string; readonly memberId: string; readonly instanceId: string | null },
  { readonly errorCode: number }
> = {
  name: 'LeaveGroup',
  key: 13,
  version: 3,
  write: (writer, { groupId, memberId, instanceId }) => writer.string(groupId).int32(1).string(memberId).string(instanceId),
  read: (reader) => {
    const [throttleMs, errorCode] = [reader.int32(), reader.int16()];
    const members = reader.array(() => {
      reader.string();
      reader.nullableString();
      return reader.int16();
    });
    return { throttleMs, errorCode: errorCode === 0 ? (members[0] ?? 0) : errorCode };
  },
};
