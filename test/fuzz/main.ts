/** Fuzzes one target by name: npm run fuzz -- rest [CASES] [SEED] [PART]. Exits with 1 when a case is answered as it must not be. */
const targets: Readonly<Record<string, (cases: number | undefined, seed: number, only: string | undefined) => Promise<boolean>>> = {
  configs: async (...given) => (await import('./configs.ts')).fuzzConfigs(...given),
  converters: async (...given) => (await import('./converters.ts')).fuzzConverters(...given),
  kafka: async (...given) => (await import('./kafka.ts')).fuzzKafka(given[0], given[1]),
  rest: async (...given) => (await import('./rest.ts')).fuzzRest(given[0], given[1]),
};

const [name = '', cases, seed = '1', only] = process.argv.slice(2);
const target = targets[name];
if (target === undefined) {
  console.error(`There is no target ${JSON.stringify(name)}. Name one of: ${Object.keys(targets).join(', ')}`);
  process.exitCode = 2;
} else {
  const good = await target(cases === undefined ? undefined : Number(cases.replaceAll('_', '')), Number(seed), only);
  process.exitCode = good ? 0 : 1;
}
