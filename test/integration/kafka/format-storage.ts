import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './java.ts';

const CLUSTER_ID = 'c2x1aWNlLXRlc3QtMDAwMQ';

export interface Storage {
  readonly jars: string;
  readonly settings: string;
  /** The only one of `log.dirs` in the settings. */
  readonly data: string;
  /** Known to both SCRAM mechanisms from the first start on. */
  readonly users: readonly { readonly name: string; readonly password: string }[];
  /** Of the node, as in the settings. Default: 1. */
  readonly id?: number;
}

/** Prepares the data folder of a node. A JVM does that once for each release and set of users; later calls copy what it made. */
export async function formatStorage({ jars, settings, data, users, id = 1 }: Storage): Promise<void> {
  const key = createHash('sha256')
    .update(JSON.stringify([jars, users]))
    .digest('hex')
    .slice(0, 12);
  const known = join(tmpdir(), 'sluice-kafka', `formatted-${key}`);
  if (existsSync(known)) {
    await cp(known, data, { recursive: true });
    return identify(join(data, 'meta.properties'), id);
  }
  await runTool(jars, 'kafka.tools.StorageTool', ['format', '-t', CLUSTER_ID, '-c', settings, ...users.flatMap(scramUser)]);
  const fresh = `${known}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await mkdir(fresh, { recursive: true });
  await cp(data, fresh, { recursive: true });
  // Whoever was first has made the same.
  await rename(fresh, known).catch(() => rm(fresh, { recursive: true }));
}

/** Makes a copied folder that of another node. */
async function identify(file: string, id: number): Promise<void> {
  const text = (await readFile(file, 'utf8'))
    .replace(/^node\.id=.*$/m, `node.id=${id}`)
    .replace(/^directory\.id=.*$/m, `directory.id=a${randomBytes(16).toString('base64url').slice(1)}`);
  await writeFile(file, text);
}

/** The tool takes a value in quotes as it is, up to the last one. */
const scramUser = ({ name, password }: Storage['users'][number]): string[] =>
  ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => ['--add-scram', `${mechanism}=[name="${name}",password="${password}"]`]);
