import { throwError } from 'rxjs';
import { expect, test } from 'vitest';
import { config, defineSource, errorTable } from '../../src/sdk/index.ts';
import { sourceContract } from '../../src/testing/index.ts';

const errors = errorTable('TOY', { AWAY: { message: () => 'The toy is away.', remedy: 'Fetch it.' } });

/** The case of a source that fails with this error. */
function failing(error: unknown) {
  const source = defineSource({ name: 'toy', summary: 'A toy.', config: config({}), open: () => throwError(() => error) });
  const subject = { config: {}, broken: {}, produce: async () => undefined, idOf: String, close: async () => undefined };
  const found = sourceContract(source, async () => subject).find(({ name }) => name.startsWith('fails with an error that says what to do'));
  return found?.run();
}

test.each([
  ['a plain error', new Error('away')],
  ['an error whose remedy is empty', Object.assign(new Error('away'), { remedy: ' ' })],
  ['no error at all', undefined],
])('a source that fails with %s is found', async (_what, error) => {
  await expect(failing(error)).rejects.toThrow('The error has no remedy; throw one that errorTable of sluice/sdk makes.');
});

test('a source that fails with an error of an error table keeps the contract', async () => {
  await expect(failing(errors.AWAY({}))).resolves.toBeUndefined();
});
