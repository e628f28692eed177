import { pipeline } from 'sluice';
import { fileSink, fileSource } from 'sluice/connectors/file';

/** Its sink cannot be opened. */
export default pipeline('broken')
  .from(fileSource({ file: 'in.txt', topic: 'lines' }))
  .to(fileSink({ file: 'no/such/folder/out.txt' }));
