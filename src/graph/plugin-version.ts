import { configException } from '../errors/connect-error.ts';

/** What a configuration calls a plugin, and the version of it that is installed; `null`: it has none. */
export interface InstalledPlugin {
  readonly className: string;
  readonly version: string | null;
}

/** Which versions of a plugin a configuration asks for. */
export interface VersionRange {
  /** As Connect's messages show it. */
  readonly text: string;
  matches(version: string): boolean;
}

interface Restriction {
  readonly lower: string | undefined;
  readonly lowerIncluded: boolean;
  readonly upper: string | undefined;
  readonly upperIncluded: boolean;
}

/**
 * Parses a requirement in Maven's syntax: `[1.0,2.0)`, `(,3.0],[4.0,)`, or a version alone, which means exactly that one. `undefined` where any
 * will do: nothing was asked for, or `latest`.
 */
export function parseVersionRange(given: string | null | undefined): VersionRange | undefined {
  if (given === null || given === undefined || given === 'latest') return undefined;
  const spec = given.trim();
  const restrictions = /^[[(]/.test(spec) ? parseRestrictions(spec) : [parseRestriction(`[${spec}]`)];
  return {
    text: restrictions.map(restrictionText).join(','),
    matches: (version) => restrictions.some((restriction) => contains(restriction, version)),
  };
}

/** What Connect says where a plugin is not there in the version asked for; `undefined` where it is. */
export function unmetVersion({ className, version }: InstalledPlugin, given: unknown): string | undefined {
  const unreadable = unreadableVersion(given);
  if (unreadable !== undefined) return unreadable;
  const range = parseVersionRange(typeof given === 'string' ? given : undefined);
  if (range === undefined || (version !== null && range.matches(version))) return undefined;
  return `Plugin ${className} not found that matches the version range ${range.text}, available versions: [${version ?? ''}]`;
}

/** What is wrong with a requirement that cannot be read. */
export function unreadableVersion(given: unknown): string | undefined {
  try {
    parseVersionRange(typeof given === 'string' ? given : undefined);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const exactly = (version: string): Restriction => ({
  lower: version === '' ? undefined : version,
  lowerIncluded: true,
  upper: version === '' ? undefined : version,
  upperIncluded: true,
});

function parseRestrictions(spec: string): readonly Restriction[] {
  const restrictions: Restriction[] = [];
  let rest = spec;
  while (/^[[(]/.test(rest)) {
    const end = rest.search(/[)\]]/);
    if (end < 0) throw configException(`Unbounded range: ${spec}`);
    restrictions.push(parseRestriction(rest.slice(0, end + 1)));
    rest = rest.slice(end + 1).trim();
    if (rest.startsWith(',')) rest = rest.slice(1).trim();
  }
  if (rest !== '') throw configException(`Only fully-qualified sets allowed in multiple set scenario: ${spec}`);
  return restrictions;
}

function parseRestriction(spec: string): Restriction {
  const lowerIncluded = spec.startsWith('[');
  const upperIncluded = spec.endsWith(']');
  const inside = spec.slice(1, -1).trim();
  const comma = inside.indexOf(',');
  if (comma === -1) {
    if (!(lowerIncluded && upperIncluded)) throw configException(`Single version must be surrounded by []: ${spec}`);
    return exactly(inside);
  }
  const [lower = '', upper = ''] = [inside.slice(0, comma).trim(), inside.slice(comma + 1).trim()];
  if (lower !== '' && upper !== '' && compareVersions(upper, lower) < 0) throw configException(`Range defies version ordering: ${spec}`);
  return { lower: lower || undefined, lowerIncluded, upper: upper || undefined, upperIncluded };
}

const restrictionText = ({ lower = '', lowerIncluded, upper = '', upperIncluded }: Restriction): string =>
  `${lowerIncluded ? '[' : '('}${lower},${upper}${upperIncluded ? ']' : ')'}`;

function contains({ lower, lowerIncluded, upper, upperIncluded }: Restriction, version: string): boolean {
  // `[,]` is a version without a text: there is none.
  if (lower === undefined && upper === undefined && lowerIncluded && upperIncluded) return false;
  const aboveLower = lower === undefined ? 1 : compareVersions(version, lower);
  const belowUpper = upper === undefined ? 1 : compareVersions(upper, version);
  return (aboveLower > 0 || (aboveLower === 0 && lowerIncluded)) && (belowUpper > 0 || (belowUpper === 0 && upperIncluded));
}

const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const sameQualifiers: Readonly<Record<string, string>> = {
  a: 'alpha',
  b: 'beta',
  m: 'milestone',
  cr: 'rc',
  ga: '',
  final: '',
  release: '',
};

/** As Maven orders versions: numbers by value, known qualifiers (`alpha` < `beta` < … < release < `sp`), then any other text. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = comparePart(left[i] ?? '', right[i] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

function partsOf(version: string): readonly string[] {
  const parts = version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  return parts.map((part) => sameQualifiers[part] ?? part.replace(/^0+(?=\d)/, ''));
}

function comparePart(a: string, b: string): number {
  const [numberA, numberB] = [/^\d/.test(a), /^\d/.test(b)];
  if (numberA && numberB) return a.length - b.length || (a < b ? -1 : Number(a > b));
  if (numberA) return b === '' && a === '0' ? 0 : 1;
  if (numberB) return a === '' && b === '0' ? 0 : -1;
  return rankOf(a) - rankOf(b) || (a < b ? -1 : Number(a > b));
}

const rankOf = (qualifier: string): number => {
  const known = qualifiers.indexOf(qualifier);
  return known === -1 ? qualifiers.length : known;
};
