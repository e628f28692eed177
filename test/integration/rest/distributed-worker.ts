import { SluiceFolder } from '../../cli/sluice-process.ts';

/** A `sluice distributed` process with the settings of the recordings. */
export interface DistributedWorker {
  readonly url: string;
  readonly cwd: string;
  /** Ends it: in order, or as `kill -9`. Answers with its exit code. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Starts it again, as it was started. */
  again(): Promise<DistributedWorker>;
  /** Kills what runs, and removes the folder. */
  close(): Promise<void>;
}

const settingsOf = (bootstrap: string, group: string): string => `bootstrap.servers=${bootstrap}
group.id=${group}
listeners=http://127.0.0.1:0
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
config.storage.topic=${group}-configs
config.storage.replication.factor=1
offset.storage.topic=${group}-offsets
offset.storage.partitions=5
offset.storage.replication.factor=1
status.storage.topic=${group}-status
status.storage.replication.factor=1
offset.flush.interval.ms=1000
session.timeout.ms=6000
`;

export function startDistributed(bootstrap: string, group: string): Promise<DistributedWorker> {
  const folder = new SluiceFolder();
  const file = folder.write('worker.properties', settingsOf(bootstrap, group));
  const start = async (): Promise<DistributedWorker> => {
    const worker = folder.run(['distributed', file]);
    return {
      url: await worker.url(),
      cwd: folder.path,
      async end(signal) {
        worker.child.kill(signal);
        return worker.ended;
      },
      again: start,
      close: () => folder.remove(),
    };
  };
  return start().catch(async (error: unknown) => {
    await folder.remove();
    throw error;
  });
}
