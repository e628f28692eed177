/** In a checkout the sources run as they are; installed, what the build made of them. */
const inCheckout = import.meta.url.endsWith('.ts');
const sluice = inCheckout ? 'npm run -s sluice --' : 'npx sluice';

/** Commands to go on with. Those about the topic need it to be kept. */
export function nextSteps(folder: string, kept: boolean): string {
  const again = inCheckout ? 'npm run quickstart -- --keep' : 'npx sluice quickstart --keep';
  const steps: readonly (readonly [command: string, does: string])[] = [
    ...(kept ? [] : [[again, 'the same, and keep files and topic for the two below'] as const]),
    [`${sluice} topics read quickstart --max 3 --data ${folder}`, 'look into the topic'],
    [`${sluice} run ${folder}/source.json ${folder}/sink.json --data ${folder}`, 'go on where the connectors ended'],
    [`${sluice} plugins FileStreamSource`, 'what a connector can be told'],
    ...(inCheckout ? [[`${sluice} run test/examples/shout.ts`, 'a pipeline in code: follows in.txt, writes out.txt'] as const] : []),
  ];
  return ['', 'Next:', ...steps.map(([command, does]) => `  ${command}\n      ${does}`)].join('\n');
}
