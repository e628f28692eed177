import { SluiceFolder } from '../../cli/sluice-process.ts';

/** A `sluice standalone` process with the settings of the recordings. */
export interface StandaloneWorker {
  readonly url: string;
  readonly cwd: string;
  close(): Promise<void>;
}

const settings = `listeners=http://127.0.0.1:0
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
offset.flush.interval.ms=1000
`;

/** On the embedded broker, or on Kafka. */
export async function startStandalone(bootstrap?: string): Promise<StandaloneWorker> {
  const folder = new SluiceFolder();
  const onKafka = bootstrap === undefined ? '' : `bootstrap.servers=${bootstrap}\noffset.storage.file.filename=offsets.dat\n`;
  const worker = folder.run(['standalone', folder.write('worker.properties', settings + onKafka)]);
  return { url: await worker.url(), cwd: folder.path, close: () => folder.remove() };
}
