import { createHash, createHmac, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** 2^15 rounds: about 50 ms and 32 MiB for a guess. */
const COST = 15;
const BLOCK = 8;
const LARGEST_COST = 20;

const pattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** A password as it is kept: `$scrypt$ln=15,r=8,p=1$SALT$HASH`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, KEY_BYTES, scryptOptions(COST, BLOCK, 1));
  return `$scrypt$ln=${COST},r=${BLOCK},p=1$${unpadded(salt)}$${unpadded(key)}`;
}

export const isPasswordHash = (hash: string): boolean => {
  const [, cost = 0, block = 0, parallel = 0] = (pattern.exec(hash) ?? []).map(Number);
  return cost >= 1 && cost <= LARGEST_COST && block >= 1 && parallel >= 1;
};

/** Compares in a time that does not depend on where the difference is. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, cost, block, parallel, salt = '', key = ''] = pattern.exec(hash) ?? [];
  const wanted = Buffer.from(key, 'base64');
  const options = scryptOptions(Number(cost), Number(block), Number(parallel));
  const given = await derive(password, Buffer.from(salt, 'base64'), wanted.length, options);
  return timingSafeEqual(given, wanted);
}

/** Of a token, which is too long to be guessed and needs no slow hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A new token of 256 bits. */
export const newToken = (): string => randomBytes(KEY_BYTES).toString('base64url');

/**
 * Remembers that a password was right, so that a client is not made to wait for its hash with every request.
 *
 * What is kept is a digest under a key that ends with the process.
 */
export class KnownPasswords {
  readonly #key = randomBytes(KEY_BYTES);
  readonly #digests = new Map<string, Buffer>();

  has(user: string, password: string, hash: string): boolean {
    const known = this.#digests.get(user);
    return known !== undefined && timingSafeEqual(known, this.#digest(user, password, hash));
  }

  add(user: string, password: string, hash: string): void {
    this.#digests.set(user, this.#digest(user, password, hash));
  }

  #digest(...parts: readonly string[]): Buffer {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest();
  }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const scryptOptions = (cost: number, block: number, parallel: number): ScryptOptions => ({
  N: 2 ** cost,
  r: block,
  p: parallel,
  maxmem: 128 * 2 ** cost * block * parallel + 1024 * 1024,
});
