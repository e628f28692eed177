import type { Change } from './compacted-topic.ts';
import { OffsetFile } from './offset-file.ts';
import { OffsetTopic } from './offset-topic.ts';

/** The offsets of source connectors in `offset.storage.file.filename`, with the same entries as on a topic. */
export function openOffsetFile(file: string, onUnreadable?: (key: string) => void): Promise<OffsetTopic> {
  return OffsetTopic.over(async (apply) => {
    const opened = await OffsetFile.open(file);
    const entries = new Map<string, string | null>();
    const take = ({ key, value }: Change) => {
      entries.set(key, value);
      apply({ key, value });
    };
    for (const [key, value] of opened.entries) if (key !== null) take({ key, value });
    const replace = async (changes: readonly Change[]) => {
      const next = new Map(entries);
      for (const { key, value } of changes) next.set(key, value);
      await opened.write([...next]);
      changes.forEach(take);
    };
    let last = Promise.resolve();
    return {
      async write(changes) {
        if (changes.length === 0) return;
        // Each holds all entries, so it begins when the one before has ended: else it would undo it.
        const behind = last.catch(() => undefined);
        last = behind.then(() => replace(changes));
        await last;
      },
      readToEnd: async () => {},
      close: async () => {},
    };
  }, onUnreadable);
}
