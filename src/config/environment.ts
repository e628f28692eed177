const prefix = 'CONNECT_';
const separators: Readonly<Record<string, string>> = { _: '.', __: '-', ___: '_' };

/**
 * Worker settings from `CONNECT_*` variables, as the common Docker images take them: in lower case, `_` is a dot, `__` a dash and `___` an
 * underscore. `CONNECT_OFFSET_FLUSH_INTERVAL_MS` is `offset.flush.interval.ms`.
 */
export function settingsFromEnvironment(variables: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && name.startsWith(prefix) && name.length > prefix.length ? [[keyOf(name.slice(prefix.length)), value]] : [],
    ),
  );
}

const keyOf = (name: string): string => name.toLowerCase().replace(/_+/g, (run) => separators[run] ?? run);
