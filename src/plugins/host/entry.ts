import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { HostSettings } from './questions.ts';

enableCompileCache();
const { servePlugins } = await import('./serve.ts');
if (parentPort === null) throw new Error('This module is the entry of the plugin host.');
servePlugins(parentPort, workerData as HostSettings);
