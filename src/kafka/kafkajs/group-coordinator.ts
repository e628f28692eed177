import { DriverError } from '../driver.ts';
import { Coordinator } from './coordinator.ts';
import { ask, type Link } from './link.ts';
import type { Request } from './send-request.ts';

/** The coordinator of a group, which all who ask over these connections find together. */
export function groupCoordinator(link: Link, groupId: string): Coordinator {
  const known = link.coordinators.get(groupId) ?? new Coordinator({ type: 'group', key: groupId }, link);
  link.coordinators.set(groupId, known);
  return known;
}

/**
 * The answer of a group's coordinator, in one attempt. After one that may be repeated the coordinator is looked for again.
 *
 * Rejects with a DriverError, that of `check` included: `auth` where the user has no right to the group.
 */
export async function askCoordinator<Q, A>(
  link: Link,
  groupId: string,
  kind: Request<Q, A>,
  request: Q,
  check: (answer: A) => void,
): Promise<A> {
  const coordinator = groupCoordinator(link, groupId);
  try {
    const answer = await ask(link, () => coordinator.broker(), kind, request);
    check(answer);
    return answer;
  } catch (error) {
    if (error instanceof DriverError && error.retriable) coordinator.forget();
    throw error;
  }
}
