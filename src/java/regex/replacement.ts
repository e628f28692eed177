/** Thrown with Java's class names and messages: a replacement is only read when something matched. */
class IllegalReplacement extends Error {
  constructor(name: 'java.lang.IllegalArgumentException' | 'java.lang.IndexOutOfBoundsException', message: string) {
    super(message);
    this.name = name;
  }
}

const illegal = (message: string): IllegalReplacement => new IllegalReplacement('java.lang.IllegalArgumentException', message);

/** What a match gives to its replacement; `undefined`: the group took no part. */
export interface Groups {
  readonly count: number;
  readonly names: ReadonlyMap<string, number>;
  at(number: number): string | undefined;
}

/** Expands `$1`, `${name}` and `\x` of a Java replacement text. A group that took no part is empty. */
export function expandReplacement(replacement: string, groups: Groups): string {
  let text = '';
  let at = 0;
  while (at < replacement.length) {
    const char = replacement.charAt(at);
    if (char === '\\') {
      if (at + 1 >= replacement.length) throw illegal('character to be escaped is missing');
      text += replacement.charAt(at + 1);
      at += 2;
    } else if (char === '$') {
      const reference = readReference(replacement, at + 1, groups);
      text += groups.at(reference.group) ?? '';
      at = reference.end;
    } else {
      text += char;
      at += 1;
    }
  }
  return text;
}

function readReference(replacement: string, at: number, groups: Groups): { group: number; end: number } {
  if (at >= replacement.length) throw illegal('Illegal group reference: group index is missing');
  if (replacement.charAt(at) === '{') return readNamed(replacement, at + 1, groups);
  if (!/[0-9]/.test(replacement.charAt(at))) throw illegal('Illegal group reference');
  let group = Number(replacement.charAt(at));
  let end = at + 1;
  // Further digits count as long as there is such a group.
  while (/[0-9]/.test(replacement.charAt(end)) && group * 10 + Number(replacement.charAt(end)) <= groups.count) {
    group = group * 10 + Number(replacement.charAt(end));
    end += 1;
  }
  if (group > groups.count) throw new IllegalReplacement('java.lang.IndexOutOfBoundsException', `No group ${group}`);
  return { group, end };
}

function readNamed(replacement: string, at: number, groups: Groups): { group: number; end: number } {
  const name = /^[a-zA-Z0-9]*/.exec(replacement.slice(at))?.[0] ?? '';
  if (name === '') throw illegal('named capturing group has 0 length name');
  if (replacement.charAt(at + name.length) !== '}') throw illegal("named capturing group is missing trailing '}'");
  if (/^[0-9]/.test(name)) throw illegal(`capturing group name {${name}} starts with digit character`);
  const group = groups.names.get(name);
  if (group === undefined) throw illegal(`No group with name {${name}}`);
  return { group, end: at + name.length + 1 };
}
