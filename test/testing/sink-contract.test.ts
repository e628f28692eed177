import { describe, expect, test } from 'vitest';
import { config, defineSink, errorTable, type Sink, writeInOrder } from '../../src/sdk/index.ts';
import { record, sinkContract } from '../../src/testing/index.ts';

const errors = errorTable('TOY', { FULL: { message: () => 'The toy is full.', remedy: 'Empty it.' } });

/** The case of a sink that cannot write. */
function refusing(open: () => Sink | Promise<Sink>) {
  const sink = defineSink({ name: 'toy', summary: 'A toy.', config: config({}), open });
  const subject = { config: {}, broken: {}, record: (id: string) => record(id), written: async () => [], close: async () => undefined };
  const found = sinkContract(sink, async () => subject).find(({ name }) => name.startsWith('delivers nothing to a target that refuses'));
  return found?.run();
}

const atOpening = (error: unknown) => () => Promise.reject(error);
const atWriting = (error: unknown) => () => writeInOrder(() => Promise.reject(error));

describe.each([
  ['opened', atOpening],
  ['written to', atWriting],
])('a sink that cannot be %s', (_when, failing) => {
  test.each([
    ['a plain error', new Error('full')],
    ['an error whose remedy is empty', Object.assign(new Error('full'), { remedy: '' })],
  ])('is found when it says so by %s', async (_what, error) => {
    await expect(refusing(failing(error))).rejects.toThrow('The error has no remedy; throw one that errorTable of sluice/sdk makes.');
  });

  test('keeps the contract by an error of an error table', async () => {
    await expect(refusing(failing(errors.FULL({})))).resolves.toBeUndefined();
  });
});
