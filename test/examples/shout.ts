import { pipeline } from 'sluice';
import { fileSink, fileSource } from 'sluice/connectors/file';
import { filterRecord, mapRecord } from 'sluice/sdk';

export default pipeline('shout')
  .from(fileSource({ file: 'in.txt', topic: 'lines' }))
  .pipe(
    filterRecord(({ value }) => value !== ''),
    mapRecord((record) => ({ ...record, value: String(record.value).toUpperCase() })),
  )
  .to(fileSink({ file: 'out.txt' }));
