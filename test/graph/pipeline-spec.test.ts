import { expect, test } from 'vitest';
import { pipelineSpec } from '../../src/graph/pipeline-spec.ts';

const line = {
  name: 'orders',
  nodes: [
    { kind: 'source', name: 'read', plugin: 'file-source', config: { file: 'in.txt' } },
    { kind: 'sink', name: 'write', plugin: 'file-sink' },
  ],
};

test('a document without settings gets every default', () => {
  expect(pipelineSpec.parse(line).settings).toEqual({
    tasksMax: 1,
    window: { records: 10_000, bytes: 16_777_216 },
    span: 100_000,
    commitIntervalMs: 1_000,
    commitTimeoutMs: 5_000,
    watchdogMs: 600_000,
    sliceMs: 5,
    errors: { tolerance: 'none', retryTimeoutMs: 0, retryMaxDelayMs: 60_000, log: false, logRecords: false },
  });
});

test('a document parsed again is the same document', () => {
  const once = pipelineSpec.parse(line);
  expect(pipelineSpec.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
});

test('one feeding node may be written without a list', () => {
  const [, sink] = pipelineSpec.parse({ ...line, nodes: [line.nodes[0], { ...line.nodes[1], from: 'read' }] }).nodes;
  expect(sink).toMatchObject({ from: ['read'] });
});

test.each([
  ['an unknown member', { ...line, node: [] }, ['node']],
  ['a misspelt setting', { ...line, settings: { windows: {} } }, ['windows']],
  ['a tolerance that does not exist', { ...line, settings: { errors: { tolerance: 'some' } } }, ['tolerance']],
  ['a control character in the name', { ...line, name: 'a\nb' }, ['name']],
  ['a kind that does not exist', { ...line, nodes: [{ kind: 'tap', name: 'x' }, line.nodes[1]] }, ['kind']],
])('%s is refused, naming it', (_title, document, words) => {
  const { error } = pipelineSpec.safeParse(document);
  for (const word of words) expect(JSON.stringify(error?.issues)).toContain(word);
});
