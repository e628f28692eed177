import { DriverError } from '../kafka/driver.ts';

const againMs = 500;

/** While no broker answers it is asked again, as long as somebody wants the answer: a task waits for its offsets, as Connect's do. */
export async function patiently<T>(ask: () => Promise<T>, wanted: () => boolean): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof DriverError && error.retriable;
      if (!passing || !wanted()) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
      if (!wanted()) throw error;
    }
  }
}
