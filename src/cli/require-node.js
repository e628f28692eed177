// Ends the process with a remedy on a Node.js that is too old. Runs before anything newer is parsed: keep to what Node 12 understands.
import { existsSync } from 'node:fs';

const needed = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`sluice: Node.js ${needed.join('.')} or newer is needed, this is ${process.version}. ${remedy()}`);
  process.exit(1);
}

function remedy() {
  const installed = !existsSync(new URL('../../tsconfig.json', import.meta.url));
  if (installed) return 'Install a newer one (https://nodejs.org), or run: npx -p node@24 -p sluice sluice …';
  // The checkout brings its own Node.js: npm links it as node_modules/.bin/node in an install script, and npm scripts find it there.
  const linked = existsSync(new URL('../../node_modules/node/bin/node', import.meta.url));
  if (linked) return 'Run it through npm, which uses the pinned Node.js: npm run sluice -- …';
  return 'The Node.js that npm installs for this project is missing (install scripts did not run). Run: npm rebuild node';
}
