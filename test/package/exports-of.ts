/** Every name that can be imported: subpath patterns of `exports` expanded over the files of the package. */
export function exportsOf(
  exports: Readonly<Record<string, string | { readonly default: string }>>,
  files: readonly string[],
): readonly string[] {
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const name = subpath.replace(/^\./, 'sluice');
    const [before = '', after] = target.default.slice('./'.length).split('*');
    if (after === undefined) return [name];
    const stars = files
      .filter((file) => file.startsWith(before) && file.endsWith(after))
      .map((file) => file.slice(before.length, -after.length));
    return stars.filter((star) => !star.includes('/')).map((star) => name.replace('*', star));
  });
}
