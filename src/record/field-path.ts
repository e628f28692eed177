import { ConnectError, configException } from '../errors/connect-error.ts';

/**
 * The steps of a field's path: one step in V1; in V2 split at dots, where a step in backticks may hold dots.
 *
 * In V2 a backtick ends its step only before a dot or the end; a backslash keeps one that would.
 */
export function fieldPath(path: string, version: 'V1' | 'V2'): readonly string[] {
  if (version === 'V1') return [path];
  const steps: string[] = [];
  let at = 0;
  while (at < path.length) {
    const step = path[at] === '`' ? quotedStep(path, at) : plainStep(path, at);
    steps.push(step.name);
    at = step.end;
  }
  if (path.endsWith('.')) steps.push('');
  // As in Connect, where the path without its last step cannot be made of an empty one.
  if (steps.length === 0) throw new ConnectError('IllegalArgumentException', 'fromIndex(0) > toIndex(-1)');
  return steps;
}

interface Step {
  readonly name: string;
  /** Behind the dot that ends it. */
  readonly end: number;
}

function plainStep(path: string, start: number): Step {
  const dot = path.indexOf('.', start);
  return dot < 0 ? { name: path.slice(start), end: path.length } : { name: path.slice(start, dot), end: dot + 1 };
}

function quotedStep(path: string, open: number): Step {
  let name = '';
  let start = open + 1;
  let at = start;
  for (;;) {
    at = path.indexOf('`', at);
    const escaped = path[at - 1] === '\\';
    const last = at === path.length - 1;
    if (at < 0 || (last && escaped)) {
      const advice = `consider adding a backslash before backtick at position ${open} to escape it`;
      throw configException(`Incomplete backtick pair in path: [${path}], ${advice}`);
    }
    if (last) return { name: name + path.slice(start, at), end: path.length };
    if (path[at + 1] !== '.') {
      at++;
    } else if (escaped) {
      name += `${path.slice(start, at - 1)}\``;
      start = ++at;
    } else return { name: name + path.slice(start, at), end: at + 2 };
  }
}
