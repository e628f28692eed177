import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).scripts;

test('the pipeline of the README is the example that the tests run', () => {
  const [, quoted] = /<!-- the text of test\/examples\/shout\.ts -->\n```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(quoted).toBe(readFileSync(`${root}test/examples/shout.ts`, 'utf8'));
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
