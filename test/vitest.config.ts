import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  resolve: { conditions: ['source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // They take minutes: vitest.servers.config.ts.
    exclude: [...configDefaults.exclude, 'test/**/*.servers.test.ts'],
    pool: 'threads',
    // One more than there are cores: some files mostly wait for other processes.
    maxWorkers: 3,
    // The files of a worker share what they import, which is half of what many cost: a test that patches something global puts it back.
    isolate: false,
    testTimeout: 30_000,
    // One Kafka broker for all files that ask for it by sharedBroker(), and none where no file does.
    globalSetup: 'test/integration/kafka/share-broker.ts',
    // What that broker may take to end.
    teardownTimeout: 60_000,
    typecheck: { enabled: false },
  },
});
