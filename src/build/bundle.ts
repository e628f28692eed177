/**
 * Joins the compiled modules of the command with the libraries they use: `dist/app`, from which the processes and threads of `sluice` start in half
 * the time and memory that a thousand files take. What others import stays as it is; `npm run build` runs this last.
 */
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const app = join(dist, 'app');

/** Native, or loaded by parts: they stay with npm. */
const apart = [/^@node-rs\//, /^lz4-napi/, /^snappy/, /^kafkajs/];

/** Everything that a plugin may import, at the path it has in `dist`, beside the entries of the process and of its threads. */
function entries(): Record<string, string> {
  const published = [
    'src/{index,sdk/index,testing/index,kafka/index}.js',
    'src/converters/*.js',
    'operators/*.js',
    'connectors/*/index.js',
  ];
  const files = ['src/cli/start.js', 'src/worker/thread/entry.js', 'src/plugins/host/entry.js', ...globSync(published, { cwd: dist })];
  const own = files.map((file) => [file.replace(/\.js$/, ''), join(dist, file)]);
  return { ...Object.fromEntries(own), rxjs: 'rxjs', 'rxjs-operators': 'rxjs/operators' };
}

/** What a module finds beside itself, a thread's entry, does not depend on the file that it was joined to. */
const ownPlace: Plugin = {
  name: 'own-place',
  transform(code, id) {
    if (!id.startsWith(dist)) return undefined;
    const place = `import.meta.url.replace(/\\/app\\/.*$/, '/app/${relative(dist, id)}')`;
    return code.replace(/new URL\((.+), import\.meta\.url\)/g, (_all, target) => `new URL(${target}, ${place})`);
  },
};

/** Its modules for browsers: those for Node are CommonJS, whose exports have no names once they are joined, and plugins import by name. */
const rxjs = Object.fromEntries(
  ['rxjs/operators', 'rxjs/testing', 'rxjs'].map((name) => [name, join(root, `node_modules/rxjs/dist/esm${name.slice(4)}/index.js`)]),
);

const bundle = await rolldown({
  input: entries(),
  resolve: { alias: rxjs },
  plugins: [ownPlace],
  cwd: root,
  platform: 'node',
  external: apart,
  logLevel: 'warn',
});
rmSync(app, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: app,
  format: 'esm',
  chunkFileNames: 'parts/[name]-[hash].js',
  minify: { mangle: false, compress: false, codegen: { removeWhitespace: false } },
  comments: false,
});
const packages = new Set(output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds.flatMap(packageOf) : [])));
writeFileSync(join(app, 'THIRD-PARTY-LICENSES'), [...packages].sort().map(licenseOf).join('\n'));
writeFileSync(join(dist, 'src/cli/start.js'), "await import('../../app/src/cli/start.js');\n");

function packageOf(module: string): readonly string[] {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return folder === undefined ? [] : [folder];
}

/** Their licences ask for it. */
function licenseOf(folder: string): string {
  const [file] = globSync('{LICENSE,LICENCE,license}{,.md,.txt}', { cwd: folder });
  const text = file === undefined || !existsSync(join(folder, file)) ? '' : readFileSync(join(folder, file), 'utf8');
  return `${relative(join(root, 'node_modules'), folder)}\n\n${text}\n`;
}
