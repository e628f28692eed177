/** Fuzzes one target by name: npm run fuzz -- rest [CASES] [SEED]. Exits with 1 when a case is answered as it must not be. */
const targets: Readonly<Record<string, (cases: number | undefined, seed: number) => Promise<boolean>>> = {
  configs: async (...given) => (await import('./configs.ts')).fuzzConfigs(...given),
  converters: async (...given) => (await import('./converters.ts')).fuzzConverters(...given),
  kafka: async (...given) => (await import('./kafka.ts')).fuzzKafka(...given),
  rest: async (...given) => (await import('./rest.ts')).fuzzRest(...given),
};

const [name = '', cases, seed = '1'] = process.argv.slice(2);
const target = targets[name];
if (target === undefined) {
  console.error(`There is no target ${JSON.stringify(name)}. Name one of: ${Object.keys(targets).join(', ')}`);
  process.exitCode = 2;
} else {
  const good = await target(cases === undefined ? undefined : Number(cases.replaceAll('_', '')), Number(seed));
  process.exitCode = good ? 0 : 1;
}
