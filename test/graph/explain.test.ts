import { map } from 'rxjs';
import { expect, test } from 'vitest';
import { named, pipeline } from '../../src/graph/builder.ts';
import { explainMermaid, explainText } from '../../src/graph/explain.ts';
import { graphOf } from '../../src/graph/graph.ts';
import { parseSpec } from '../../src/graph/parse-spec.ts';

const { graph } = pipeline('orders')
  .from({ plugin: 'file', config: { password: 'hunter2' } })
  .pipe(
    named(
      'upper "case"',
      map((batch) => batch),
    ),
    { plugin: 'mask-field' },
  )
  .to({ plugin: 'http' });

test('a pipeline as text has a line for each node, and no configuration (I10)', () => {
  expect(explainText(graph)).toBe(
    [
      'orders',
      '  source    file          file',
      '  inline    upper "case"  a function',
      '  operator  mask-field    mask-field',
      '  sink      http          http',
    ].join('\n'),
  );
});

test('a pipeline as Mermaid is a flowchart of its nodes', () => {
  expect(explainMermaid(graph)).toBe(
    [
      'flowchart LR',
      '  n0(["file<br/>file"])',
      '  n1["upper #34;case#34;<br/>a function"]',
      '  n2["mask-field<br/>mask-field"]',
      '  n3(["http<br/>http"])',
      '  n0 --> n1',
      '  n1 --> n2',
      '  n2 --> n3',
    ].join('\n'),
  );
});

test('branches of a document are drawn, although only a line can run', () => {
  const branched = graphOf(
    parseSpec({
      name: 'two',
      nodes: [
        { kind: 'source', name: 'in', plugin: 'file' },
        { kind: 'operator', name: 'a', plugin: 'x', when: { plugin: 'p', negate: true } },
        { kind: 'sink', name: 'out', plugin: 'file', from: ['in', 'a'] },
      ],
    }),
  );
  expect(explainMermaid(branched).split('\n').slice(4)).toEqual(['  n0 --> n1', '  n0 --> n2', '  n1 --> n2']);
  expect(explainText(branched)).toContain('  operator  a    x unless p');
});
