import { ConnectError, type OffsetChange } from 'sluice/sdk';

/** Fails, in Connect's words, on offsets that are none of the file source's. Whatever a partition is, it may be reset. */
export function checkOffsets(file: string | null, changes: readonly OffsetChange[]): void {
  if (file === null || file === '') {
    const why = 'This is because stdin is used for input and offsets are not tracked.';
    throw refused(`Offsets cannot be modified if the 'file' configuration is unspecified. ${why}`);
  }
  for (const { partition, offset } of changes) {
    if (offset === null) continue;
    if (!Object.hasOwn(offset, 'position')) throw refused("Offset objects should either be null or contain the key 'position'");
    const { position } = offset;
    if (typeof position !== 'bigint' && !Number.isInteger(position)) {
      throw refused("The value for the 'position' key in the offset is expected to be a Long value");
    }
    if ((position as number | bigint) < 0) throw refused("The value for the 'position' key in the offset should be a non-negative value");
    if (partition === null) throw refused('Partition objects cannot be null');
    if (!Object.hasOwn(partition, 'filename')) throw refused("Partition objects should contain the key 'filename'");
  }
}

const refused = (message: string): ConnectError => new ConnectError('ConnectException', message);
