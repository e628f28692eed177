import { expect, test, vi } from 'vitest';
import { Signal } from '../../../src/kafka/embedded/signal.ts';

test('calls listeners of another thread after each change, until they stop', async () => {
  const writer = new Signal();
  const reader = new Signal(writer.memory);
  const listener = vi.fn();
  const stop = reader.listen(listener);
  writer.changed([7]);
  await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(1));
  writer.changed([7]);
  await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(2));
  stop();
  const last = vi.fn();
  reader.listen(last);
  writer.close();
  await vi.waitFor(() => expect(last).toHaveBeenCalled());
  expect([listener.mock.calls.length, reader.closed]).toEqual([2, true]);
});

test('moves the version of the partitions that changed', () => {
  const signal = new Signal();
  const before = [signal.version(1), signal.version(2)];
  signal.changed([1]);
  expect([signal.version(1) !== before[0], signal.version(2) !== before[1]]).toEqual([true, false]);
  signal.allChanged();
  expect(signal.version(2)).not.toBe(before[1]);
});
