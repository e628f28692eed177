import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { childrenOf, type Der, intOf, oidOf, readDer, SEQUENCE } from './der.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const PBES2 = '1.2.840.113549.1.5.13';
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3';
const PBKDF2 = '1.2.840.113549.1.5.12';

const NEEDED = 'AES or triple DES is needed (keytool of Java 17 and newer writes AES)';
const HMAC_SHA1 = '1.2.840.113549.2.7';
const hashOf: Readonly<Record<string, string>> = {
  [HMAC_SHA1]: 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const cipherOf: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
};

/**
 * The certificates of a PKCS12 store, in PEM.
 *
 * Node reads such a store only when it holds a private key, and a trust store holds none. Throws an Error whose message
 * says what is wrong, in a form that fits behind a colon.
 */
export function certificatesOf(store: Buffer, password: string): readonly string[] {
  const [, authSafe] = childrenOf(readDer(store)[0]);
  const contents = childrenOf(readDer(octets(explicit(childrenOf(authSafe)[1])))[0]);
  return contents.flatMap((info) => childrenOf(readDer(contentOf(info, password))[0])).flatMap(certificateOf);
}

const explicit = (value: Der | undefined): Der | undefined => childrenOf(value)[0];
const octets = (value: Der | undefined): Buffer => value?.content ?? Buffer.alloc(0);

function contentOf(info: Der, password: string): Buffer {
  const [type, content] = childrenOf(info);
  if (oidOf(type) === DATA) return octets(explicit(content));
  if (oidOf(type) !== ENCRYPTED_DATA) throw new Error(`it has content of type ${oidOf(type)}`);
  const [, encrypted] = childrenOf(explicit(content));
  const [, algorithm, bytes] = childrenOf(encrypted);
  return decrypt(algorithm, octets(bytes), password);
}

function certificateOf(bag: Der): readonly string[] {
  const [type, value] = childrenOf(bag);
  if (oidOf(type) !== CERTIFICATE_BAG) return [];
  const [, certificate] = childrenOf(explicit(value));
  const lines =
    octets(explicit(certificate))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')];
}

function decrypt(algorithm: Der | undefined, bytes: Buffer, password: string): Buffer {
  const [type, parameters] = childrenOf(algorithm);
  const { name, key, iv } = cipher(oidOf(type), childrenOf(parameters), password);
  try {
    const decipher = createDecipheriv(name, key, iv);
    return Buffer.concat([decipher.update(bytes), decipher.final()]);
  } catch (cause) {
    throw new Error('its password is wrong', { cause });
  }
}

interface Cipher {
  readonly name: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

function cipher(type: string, parameters: readonly Der[], password: string): Cipher {
  const [first, second] = parameters;
  if (type === PBE_SHA1_3DES) {
    const derive = (id: number, size: number) => pkcs12Key(password, octets(first), intOf(second), id, size);
    return { name: 'des-ede3-cbc', key: derive(1, 24), iv: derive(2, 8) };
  }
  if (type !== PBES2) throw new Error(`it is encrypted by ${type}, and ${NEEDED}`);
  const [derivation, derivationParameters] = childrenOf(first);
  const [encryption, iv] = childrenOf(second);
  const known = cipherOf[oidOf(encryption)];
  if (known === undefined) throw new Error(`it is encrypted by ${oidOf(encryption)}, and ${NEEDED}`);
  if (oidOf(derivation) !== PBKDF2) throw new Error(`its key is derived by ${oidOf(derivation)}, and PBKDF2 is needed`);
  const [salt, iterations, ...optional] = childrenOf(derivationParameters);
  const named = optional.find((value) => value.tag === SEQUENCE);
  const hash = hashOf[named === undefined ? HMAC_SHA1 : oidOf(childrenOf(named)[0])];
  if (hash === undefined) throw new Error('its key is derived by an unknown hash');
  return { name: known.name, key: pbkdf2Sync(password, octets(salt), intOf(iterations), known.keyBytes, hash), iv: octets(iv) };
}

/** Key derivation of PKCS12 itself (RFC 7292, appendix B) with SHA-1, which older stores use. */
function pkcs12Key(password: string, salt: Buffer, iterations: number, id: number, size: number): Buffer {
  const BLOCK = 64;
  const utf16 = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const repeat = (bytes: Buffer) => Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK, bytes);
  const input = Buffer.concat([repeat(salt), repeat(utf16)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < size; made += 20) {
    let hash = createHash('sha1').update(Buffer.alloc(BLOCK, id)).update(input).digest();
    for (let i = 1; i < iterations; i++) hash = createHash('sha1').update(hash).digest();
    parts.push(hash);
    addToBlocks(input, Buffer.alloc(BLOCK, hash));
  }
  return Buffer.concat(parts).subarray(0, size);
}

/** Adds a block and one to each block, as big-endian numbers. */
function addToBlocks(blocks: Buffer, block: Buffer): void {
  for (let start = 0; start < blocks.length; start += block.length) {
    let carry = 1;
    for (let i = block.length - 1; i >= 0; i--) {
      carry += (blocks[start + i] ?? 0) + (block[i] ?? 0);
      blocks[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
