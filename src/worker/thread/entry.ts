import { parentPort, workerData } from 'node:worker_threads';
import { keepCompiled } from '../compile-cache.ts';
import type { ThreadSettings } from '../messages.ts';

// Before anything else is imported: a thread costs little where its modules are compiled already.
keepCompiled();
const { serve } = await import('./serve.ts');
if (parentPort === null) throw new Error('This module is the entry of a task thread.');
serve(parentPort, workerData as ThreadSettings);
