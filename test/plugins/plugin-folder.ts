import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Plugins as users install them: in a folder that has nothing to do with this project. */
export class PluginFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'sluice-plugins-'));

  write(file: string, content: string): string {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A source that validates its config and minds its offsets. It uses what only the worker brings. */
export const acmeSource = `
import { config, defineSource, string } from 'sluice/sdk';
import { EMPTY, of } from 'rxjs';
import { parentPort } from 'node:worker_threads';

const refuse = (message) => { throw new Error(message); };
const forever = () => { for (;;); };

export const acme = defineSource({
  name: 'acme',
  aliases: ['com.acme.AcmeSourceConnector'],
  summary: 'Reads nothing.',
  version: '2.1',
  config: config({ url: string({ doc: 'Where.', group: 'Server', order: 1, importance: 'high' }) }),
  open: () => EMPTY,
  validate: ({ url }) => {
    if (url === 'blocks') forever();
    if (url === 'exits') process.exit(3);
    if (url === 'posts') for (const message of [null, undefined, 7, {}]) parentPort.postMessage(message);
    if (url === 'waits') return new Promise(() => {});
    return of(url === 'down' ? [{ key: 'url', message: 'Nobody answers at down.' }] : []);
  },
  alterOffsets: (_config, changes) => changes.length > 1 ? refuse('One at a time.') : of(true),
});
`;

/** A transform. */
export const exclaimOperator = `
import { config, defineOperator, mapRecord, string } from 'sluice/sdk';

export const exclaim = defineOperator({
  name: 'exclaim',
  aliases: ['com.acme.Exclaim'],
  summary: 'Makes values loud.',
  config: config({ mark: string({ default: '!', doc: 'What to add.' }) }),
  create: ({ mark }) => mapRecord((record) => ({ ...record, value: record.value + mark })),
});
`;
