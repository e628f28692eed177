import { pipeline } from 'sluice';
import { fileSink, fileSource } from 'sluice/connectors/file';
import { config, defineOperator, mapRecord, string } from 'sluice/sdk';

const wrap = defineOperator({
  name: 'wrap',
  summary: 'Puts a text before and after each value.',
  config: config({ text: string({ doc: 'What to put there.' }) }),
  create: ({ text }) => mapRecord((record) => ({ ...record, value: `${text}${String(record.value)}${text}` })),
});

export default pipeline('wrap')
  .from(fileSource({ file: 'in.txt', topic: 'lines' }))
  .pipe(wrap({ text: '*' }))
  .to(fileSink({ file: 'out.txt' }));

// What runs a pipeline and the pipeline itself are to be of the same modules.
for (const name of ['sluice/sdk', 'rxjs']) {
  const url = import.meta.resolve(name);
  if (!url.includes('/node_modules/sluice/dist/app/')) throw new Error(`${name} is another one than that of the process: ${url}`);
}
