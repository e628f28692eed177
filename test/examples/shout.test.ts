import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Pipeline, run } from '../../src/index.ts';
import shout from './shout.ts';

test('the example writes the lines of in.txt to out.txt, in upper case and without empty ones', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-example-'));
  writeFileSync(join(folder, 'in.txt'), 'hello\n\nworld\n');
  writeFileSync(join(folder, 'out.txt'), '');
  const stop = new AbortController();
  const done = new Promise<void>((resolve, reject) => {
    run(inFolder(shout, folder), { data: join(folder, 'data'), signal: stop.signal }).subscribe({ error: reject, complete: resolve });
  });
  try {
    await expect.poll(() => readFileSync(join(folder, 'out.txt'), 'utf8'), { timeout: 10_000 }).toBe('HELLO\nWORLD\n');
  } finally {
    stop.abort();
    await done;
    rmSync(folder, { recursive: true });
  }
});

/** The same pipeline with its files in a folder: the example names them relative to where it is started. */
function inFolder(pipeline: Pipeline, folder: string): Pipeline {
  const { graph } = pipeline;
  const nodes = graph.nodes.map((node) => {
    if (node.kind === 'source') return { ...node, use: { ...node.use, config: moved(node.use.config, folder) } };
    if (node.kind === 'sink') return { ...node, use: { ...node.use, config: moved(node.use.config, folder) } };
    return node;
  });
  return { ...pipeline, graph: { ...graph, nodes } };
}

const moved = (config: Readonly<Record<string, unknown>>, folder: string) => ({ ...config, file: join(folder, String(config['file'])) });
