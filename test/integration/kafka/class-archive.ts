import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the classes of a class path are kept as a JVM has them once they are loaded and verified. */
const archiveOf = (jars: string): string =>
  join(tmpdir(), 'sluice-kafka', `${createHash('sha256').update(jars).digest('hex').slice(0, 12)}.jsa`);

/** Options of a JVM that starts from the archive, in half the time; none where there is no archive. One of another JVM is ignored. */
export const withArchive = (jars: string): readonly string[] => {
  const archive = archiveOf(jars);
  return existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, '-Xlog:disable'] : [];
};

/** A JVM that ends in order with these options leaves an archive behind; `keep` puts it where later ones find it. */
export function makingArchive(jars: string, folder: string): { readonly options: readonly string[]; keep(): void } | undefined {
  if (existsSync(archiveOf(jars))) return undefined;
  const made = join(folder, 'classes.jsa');
  const keep = () => {
    if (existsSync(made)) renameSync(made, archiveOf(jars));
  };
  return { options: [`-XX:ArchiveClassesAtExit=${made}`, '-Xlog:disable'], keep };
}
