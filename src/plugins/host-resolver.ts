import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const importers = new Set<string>();

/** Address of `dist/` where this module is part of the few files that `src/build/bundle.ts` makes of many. */
const [, dist] = /^(file:.*\/dist\/)app\//.exec(import.meta.url) ?? [];
const joinedRxjs: Readonly<Record<string, string>> = { rxjs: 'app/rxjs.js', 'rxjs/operators': 'app/rxjs-operators.js' };

/**
 * Lets plugins that are imported from now on by this thread use this package and rxjs, whatever is installed beside them: there is one `sluice`
 * and one `rxjs` in a process. Names of packages that `importer` (a module's `import.meta.url`) imports are looked for where the process was
 * started.
 */
export function shareHostModules(importer: string): void {
  importers.add(importer);
  if (importers.size > 1) return;
  const startedIn = pathToFileURL(`${process.cwd()}/`).href;
  registerHooks({
    resolve(specifier, context, next) {
      if (/^(sluice|rxjs)(\/|$)/.test(specifier)) {
        return running(specifier, next(specifier, { ...context, parentURL: import.meta.url }));
      }
      const isPackage = importers.has(context.parentURL ?? '') && !/^([./]|[a-z]+:)/.test(specifier);
      return next(specifier, isPackage ? { ...context, parentURL: startedIn } : context);
    },
  });
}

/** Of this package's files and rxjs': those that this process runs on. */
function running<T extends { readonly url: string; readonly format?: string | null | undefined }>(specifier: string, found: T): T {
  if (dist === undefined) return found;
  const rxjs = joinedRxjs[specifier];
  if (rxjs !== undefined) return { ...found, url: dist + rxjs, format: 'module' };
  return found.url.endsWith('.js') ? { ...found, url: found.url.replace(dist, `${dist}app/`) } : found;
}
