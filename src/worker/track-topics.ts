import type { Driver } from '../kafka/driver.ts';
import type { ConnectorType } from './connectors.ts';

/** A topic is told again after so long, so that one that was forgotten in between is known again. */
const tellEveryMs = 1_000;

/** The same driver, which tells the topics that a source writes to and a sink reads from, each at most once a second. */
export function trackTopics(driver: Driver, type: ConnectorType, told: (topics: readonly string[]) => void): Driver {
  const seen = new Set<string>();
  let since = Date.now();
  const note = (topics: readonly string[]): void => {
    const now = Date.now();
    if (now - since >= tellEveryMs) {
      seen.clear();
      since = now;
    }
    const fresh = topics.filter((topic) => !seen.has(topic));
    if (fresh.length === 0) return;
    for (const topic of fresh) seen.add(topic);
    told([...new Set(fresh)]);
  };
  const { producer, consumer } = driver;
  if (type === 'source') {
    return over(driver, {
      producer: async (options) => {
        const made = await producer.call(driver, options);
        const send: typeof made.send = async (batches) => {
          const answers = await made.send(batches);
          note(answers.flatMap(({ topic, error }) => (error === undefined ? [topic] : [])));
          return answers;
        };
        return over(made, { send });
      },
    });
  }
  return over(driver, {
    consumer: async (options) => {
      const made = await consumer.call(driver, options);
      const next: typeof made.next = async (signal) => {
        const batch = await made.next(signal);
        note([batch.topic]);
        return batch;
      };
      return over(made, { next });
    },
  });
}

/** The same object with some members replaced. Methods keep their `this`: those of classes have private fields. */
function over<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get(_target, key) {
      if (Object.hasOwn(members, key)) return members[key as keyof T];
      const value = target[key as keyof T];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
