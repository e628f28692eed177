import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

let registered = false;

/**
 * Lets plugins that are imported from now on by this thread use this package and rxjs, whatever is installed beside them: there is one `sluice`
 * and one `rxjs` in a process. Names of packages given to `moduleEntries` are looked for where the worker was started.
 */
export function shareHostModules(importer: string): void {
  if (registered) return;
  registered = true;
  const startedIn = pathToFileURL(`${process.cwd()}/`).href;
  registerHooks({
    resolve(specifier, context, next) {
      if (/^(sluice|rxjs)(\/|$)/.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
      const isPackage = context.parentURL === importer && !/^([./]|[a-z]+:)/.test(specifier);
      return next(specifier, isPackage ? { ...context, parentURL: startedIn } : context);
    },
  });
}
