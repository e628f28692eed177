const quantum = '[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)';
const base64 = new RegExp(`^(?:[\\0- ]*${quantum})*[\\0- ]*$`);

/** The bytes of a padded Base64 text, blanks between groups of four allowed as Jackson does; `undefined` when it is none. */
export const fromBase64 = (text: string): Uint8Array | undefined => (base64.test(text) ? Buffer.from(text, 'base64') : undefined);

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
