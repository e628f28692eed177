import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).scripts;

test.each([
  ['README.md', 1],
  ['src/sdk/README.md', 4],
])('the examples of %s are what the tests run', (page, count) => {
  const quoted = readFileSync(`${root}${page}`, 'utf8').matchAll(/<!-- the text of (test\/examples\/\S+) -->\n```ts\n(.*?)```/gs);
  const examples = Array.from(quoted, ([, path = '', text]) => ({ path, text }));
  expect(examples).toHaveLength(count);
  expect(examples).toEqual(examples.map(({ path }) => ({ path, text: readFileSync(`${root}${path}`, 'utf8') })));
});

test('every npm script that the README names exists', () => {
  const named = Array.from(readme.matchAll(/npm run ([a-z:-]+)/g), ([, name]) => name ?? '');
  expect(named).toContain('quickstart');
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('every link of the README to a file leads to one', () => {
  const links = Array.from(readme.matchAll(/\]\(([^)#:]+)\)/g), ([, path]) => path ?? '');
  expect(links.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
});
