import type { AccessRule } from '../../driver.ts';
import type { Request } from '../send-request.ts';

/** By Kafka's codes; 0 and 1 (unknown, any) are not in answers. */
const resources = ['UNKNOWN', 'ANY', 'TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN', 'USER'];
const patterns = ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED'];
const operations = [
  ...['UNKNOWN', 'ANY', 'ALL', 'READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'CLUSTER_ACTION'],
  ...['DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'IDEMPOTENT_WRITE', 'CREATE_TOKENS', 'DESCRIBE_TOKENS', 'TWO_PHASE_COMMIT'],
];
const permissions = ['UNKNOWN', 'ANY', 'DENY', 'ALLOW'];
const nameOf = (names: readonly string[], code: number): string => names[code] ?? 'UNKNOWN';
const ANY = 1;

/** DescribeAcls 1, of everything. */
export const describeAcls: Request<
  Record<never, never>,
  { readonly errorCode: number; readonly errorMessage: string | null; readonly rules: readonly AccessRule[] }
> = {
  name: 'DescribeAcls',
  key: 29,
  version: 1,
  write: (writer) => writer.int8(ANY).string(null).int8(ANY).string(null).string(null).int8(ANY).int8(ANY),
  read: (reader) => {
    const throttleMs = reader.int32();
    const [errorCode, errorMessage] = [reader.int16(), reader.nullableString()];
    const found = reader.array(() => {
      const resource = {
        resourceType: nameOf(resources, reader.int8()),
        resourceName: reader.string(),
        patternType: nameOf(patterns, reader.int8()),
      };
      return reader.array(() => ({
        ...resource,
        principal: reader.string(),
        host: reader.string(),
        operation: nameOf(operations, reader.int8()),
        permission: nameOf(permissions, reader.int8()),
      }));
    });
    return { throttleMs, errorCode, errorMessage, rules: found.flat() };
  },
};
