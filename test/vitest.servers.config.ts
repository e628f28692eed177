import { configDefaults, type ViteUserConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** `npm run test:servers`: tests that start Kafka Connect, clusters or brokers of their own. */
const servers: ViteUserConfig = {
  ...config,
  test: { ...config.test, include: ['test/**/*.servers.test.ts'], exclude: configDefaults.exclude },
};

export default servers;
