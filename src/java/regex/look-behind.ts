/** A part of a sequence, as far as Java wants to know how long a match of it can be. */
export type Part =
  | { readonly kind: 'zero' }
  /** A fixed number of characters at most. */
  | { readonly kind: 'width'; readonly width: number }
  /** One of a class of characters, as often as it comes. */
  | { readonly kind: 'greedy' }
  | { readonly kind: 'unbounded' }
  | { readonly kind: 'group'; readonly parts: readonly Part[]; readonly deterministic: boolean }
  | { readonly kind: 'atomic'; readonly parts: readonly Part[] }
  | { readonly kind: 'optional'; readonly parts: readonly Part[] }
  | { readonly kind: 'repeated'; readonly parts: readonly Part[]; readonly min: number; readonly max: number }
  /** `null`: a branch that may be left out. */
  | { readonly kind: 'branch'; readonly branches: ReadonlyArray<readonly Part[] | null> };

export const charWidth: Part = { kind: 'width', width: 1 };

export interface Repetition {
  readonly min: number;
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
}

/** A part under a quantifier. Java repeats groups in three ways, of which only some have a length. */
export function quantifiedPart(parts: readonly Part[], { min, max, mode }: Repetition): Part {
  const [atom] = parts;
  const count = Math.min(max, maxInt);
  if (atom?.kind === 'group' && mode !== 'possessive') {
    if (min === 0 && max === 1) return { kind: 'branch', branches: [parts, null] };
    return atom.deterministic ? { kind: 'repeated', parts, min, max: count } : { kind: 'unbounded' };
  }
  if (min === 0 && max === 1) return { kind: 'optional', parts };
  if (mode === 'greedy' && max === Number.POSITIVE_INFINITY && atom === charWidth) return { kind: 'greedy' };
  return { kind: 'repeated', parts, min, max: count };
}

/** The longest match, counted in 32 bits as Java does; not `valid`: without an obvious limit. */
export interface Length {
  max: number;
  valid: boolean;
  deterministic: boolean;
}

const maxInt = 0x7fffffff;

export function studied(parts: readonly Part[]): Length {
  const length: Length = { max: 0, valid: true, deterministic: true };
  study(parts, 0, length);
  return length;
}

/** Whether a sequence can match in one way only: such a group is repeated with a known length. */
export const isDeterministic = (parts: readonly Part[]): boolean => studied(parts).deterministic;

function study(parts: readonly Part[], at: number, length: Length): void {
  const part = parts[at];
  if (part === undefined) return;
  if (part.kind === 'branch') {
    studyBranch(part.branches, () => study(parts, at + 1, length), length);
    return;
  }
  switch (part.kind) {
    case 'width':
      length.max = (length.max + part.width) | 0;
      break;
    case 'greedy':
      if (length.valid) length.max = (length.max + maxInt) | 0;
      length.deterministic = false;
      break;
    case 'unbounded':
      length.valid = false;
      length.deterministic = false;
      break;
    case 'group':
    case 'atomic':
      study(part.parts, 0, length);
      break;
    case 'optional':
      study(part.parts, 0, length);
      length.deterministic = false;
      break;
    case 'repeated':
      studyRepeated(part, length);
      break;
  }
  study(parts, at + 1, length);
}

function studyRepeated({ parts, min, max }: Extract<Part, { kind: 'repeated' }>, length: Length): void {
  const once = studied(parts);
  const total = (Math.imul(once.max, max) + length.max) | 0;
  length.valid &&= once.valid && total >= length.max;
  if (once.valid) length.max = total;
  length.deterministic &&= once.deterministic && min === max;
}

/** What follows is studied from nothing, and added: so an overflow is looked for on either side of it only. */
function studyBranch(branches: ReadonlyArray<readonly Part[] | null>, rest: () => void, length: Length): void {
  const each = branches.map((branch) => studied(branch ?? []));
  const before = length.max + Math.max(...each.map(({ max }) => max));
  const valid = length.valid && each.every((one) => one.valid);
  Object.assign(length, { max: 0, valid: true });
  rest();
  Object.assign(length, { max: (length.max + before) | 0, valid: length.valid && valid, deterministic: false });
}
