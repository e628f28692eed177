/** Runs one benchmark by name: npm run bench -- engine. Exits with 1 when a bound is missed. */
const benches: Readonly<Record<string, (...args: string[]) => Promise<unknown>>> = {
  codec: async (...args) => (await import('./codec.ts')).codec(...args),
  connect: async (...args) => (await import('./connect/connect.ts')).connectBench(...args),
  connectors: async (...args) => (await import('./connectors.ts')).connectorsBench(...args),
  converters: async (...args) => (await import('./converters.ts')).converters(...args),
  engine: async (...args) => (await import('./engine.ts')).engine(...args),
  files: async (...args) => (await import('./files.ts')).embeddedFiles(...args),
  kafka: async (...args) => (await import('./kafka/kafka.ts')).kafka(...args),
  'kafka-files': async (...args) => (await import('./files.ts')).kafkaFiles(...args),
  'kafka-scale': async (...args) => (await import('./kafka/scale.ts')).kafkaScale(...args),
  latency: async (...args) => (await import('./kafka/latency.ts')).latency(...args),
  'rest-load': async (...args) => (await import('./connect/rest-load.ts')).restLoad(...args),
  start: async (...args) => (await import('./start.ts')).startBench(...args),
  transforms: async (...args) => (await import('./transforms.ts')).transformsBench(...args),
};

const [name = '', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  console.error(`There is no benchmark ${JSON.stringify(name)}. Name one of: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else if ((await bench(...args)) === false) process.exitCode = 1;
