import { config, converterKeys, dataException, defineConverter, type Value } from 'sluice/sdk';
import { converterContract } from 'sluice/testing';
import { test } from 'vitest';

const flag = defineConverter({
  name: 'flag',
  summary: 'Booleans as yes and no.',
  // Every converter is told by converter.type whether it is one of keys, values or headers.
  config: config({ ...converterKeys }),
  create: () => ({
    fromConnect: (_topic, _schema, value) => (value === null ? null : write(value)),
    toConnect: (_topic, bytes) => ({ schema: null, value: bytes === null ? null : read(new TextDecoder().decode(bytes)) }),
  }),
});

function write(value: Value): string {
  if (typeof value !== 'boolean') throw dataException('Only booleans can be yes or no');
  return value ? 'yes' : 'no';
}

function read(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw dataException(`${text} is neither yes nor no`);
  return text === 'yes';
}

const cases = converterContract(flag, {
  samples: [true, false].map((value) => ({ schema: null, value })),
  malformed: [new TextEncoder().encode('maybe')],
  unwritable: [{ schema: null, value: 'yes' }],
});
for (const { name, run } of cases) test(name, ({ skip }) => run().then((answer) => skip(answer !== undefined, answer?.skipped)));
