import type { ConnectRecord } from 'sluice/sdk';
import { valueText } from './value-text.ts';

/** Largest buffer that is kept for reuse. */
const keptBytes = 8 * 1024 * 1024;

/** Turns records into the bytes of their lines. The answer is valid until the next call. */
export class LineEncoder {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);

  encode(records: readonly ConnectRecord[]): Uint8Array {
    // Joined first: one large text is encoded several times faster than many small ones.
    const text = `${records.map(({ value, valueSchema }) => (typeof value === 'string' ? value : valueText(value, valueSchema))).join('\n')}\n`;
    const most = text.length * 3;
    if (most > keptBytes) return Buffer.from(text);
    if (most > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(most);
    return this.#buffer.subarray(0, this.#buffer.write(text));
  }
}
