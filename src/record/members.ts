import type { Value } from './value.ts';

/** A struct, or a map without schema. */
export type Members = { readonly [member: string]: Value };
/** Members while they are being made. */
export type OpenMembers = { [member: string]: Value };

/** The member of this name; `null` when there is none. What every object inherits is no member. */
export function readMember(members: Members, name: string): Value {
  const found: unknown = members[name];
  // Inherited are functions, which no value is, and the prototype.
  if (typeof found === 'function' || name === '__proto__') return Object.hasOwn(members, name) ? (members[name] ?? null) : null;
  return (found as Value | undefined) ?? null;
}

/** Sets a member of an object that nobody else has yet. */
export function writeMember(members: OpenMembers, name: string, value: Value): void {
  if (name === '__proto__') Object.defineProperty(members, name, { value, writable: true, enumerable: true, configurable: true });
  else members[name] = value;
}
