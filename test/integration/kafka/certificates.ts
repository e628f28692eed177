import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Password of every store. */
export const PASSWORD = 'change it';

/** A key with its certificate, in the forms that clients and brokers are given them. */
export interface Identity {
  /** Key and chain in one PEM file. */
  readonly pem: string;
  readonly pkcs12: string;
  readonly keyText: string;
  readonly chainText: string;
}

export interface Authority {
  /** Its own certificate. */
  readonly pem: string;
  /** As `pem`, in a store that keytool wrote. */
  readonly pkcs12: string;
  readonly text: string;
  /** Signs a certificate for hosts, as `DNS:localhost,IP:127.0.0.1`; one of -1 days has expired. */
  sign(name: string, hosts: string, days?: number): Promise<Identity>;
}

/** A new certificate authority, with all its files in this folder. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const [key, pem, pkcs12] = [join(folder, `${name}.key`), join(folder, `${name}.pem`), join(folder, `${name}.trust.p12`)];
  await run('openssl', ['req', '-x509', ...EC, '-keyout', key, '-out', pem, '-days', '2', '-subj', `/CN=${name}`]);
  await run('keytool', ['-importcert', '-noprompt', '-storetype', 'PKCS12', '-storepass', PASSWORD, '-keystore', pkcs12, '-file', pem]);
  return {
    pem,
    pkcs12,
    text: await readFile(pem, 'utf8'),
    sign: (subject, hosts, days = 2) => sign(folder, { key, pem }, { subject, hosts, days }),
  };
}

interface Wanted {
  readonly subject: string;
  readonly hosts: string;
  readonly days: number;
}

async function sign(folder: string, authority: { readonly key: string; readonly pem: string }, wanted: Wanted): Promise<Identity> {
  const path = (ending: string) => join(folder, `${wanted.subject}.${ending}`);
  const names = ['-subj', `/CN=${wanted.subject}`, '-addext', `subjectAltName=${wanted.hosts}`];
  await run('openssl', ['req', ...EC, '-keyout', path('key'), '-out', path('csr'), ...names]);
  const issuer = [
    '-CA',
    authority.pem,
    '-CAkey',
    authority.key,
    '-set_serial',
    `0x${randomBytes(8).toString('hex')}`,
    '-copy_extensions',
    'copy',
  ];
  await run('openssl', ['x509', '-req', '-in', path('csr'), ...issuer, '-days', `${wanted.days}`, '-out', path('crt')]);
  const [keyText, chainText] = [await readFile(path('key'), 'utf8'), await readFile(path('crt'), 'utf8')];
  await writeFile(path('pem'), keyText + chainText);
  await run('openssl', ['pkcs12', '-export', '-in', path('pem'), '-passout', `pass:${PASSWORD}`, '-out', path('p12')]);
  return { pem: path('pem'), pkcs12: path('p12'), keyText, chainText };
}
