#!/usr/bin/env node
import './require-node.js';

// Dynamic, so that an old Node.js reads the line above and nothing else.
import('./start.ts');
