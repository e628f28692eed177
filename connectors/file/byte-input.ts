import type { SchedulerLike } from 'rxjs';
import type { Log } from 'sluice/sdk';

/**
 * What a read found: bytes, or a turn of the input.
 *
 * `truncated`: the file was cut; it goes on at byte 0 and a line that was under way is void. `replaced`: another file has taken its place and
 * goes on at byte 0; what was under way in the old one is its last line. `end`: nothing will come any more.
 */
export type Read = number | 'truncated' | 'replaced' | 'end';

/** Bytes that arrive over time. One read at a time. */
export interface ByteInput {
  /** Waits for bytes and puts them at the start of `into`. */
  read(into: Buffer): Promise<Read>;
  /** Lets go of everything; a read that waits never answers. */
  close(): Promise<void>;
}

export interface FileInputOptions {
  readonly file: string;
  /** Byte of the content to begin at. */
  readonly position: number;
  readonly log: Log;
  /** The time of the run. */
  readonly scheduler: SchedulerLike;
}

/** What a closed input answers. */
export const never = new Promise<never>(() => {});
