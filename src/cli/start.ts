import { keepCompiled } from '../worker/compile-cache.ts';
import { quietly } from './quietly.ts';

// Before the rest is loaded: what is compiled once starts faster from then on.
keepCompiled();
quietly();

const { program } = await import('./program.ts');
process.exitCode = await program(process.argv.slice(2));
