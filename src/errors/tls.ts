import { errorTable } from './error-table.ts';

/** Key and trust stores, of Kafka's clients and of REST. */
export const tlsErrors = errorTable('TLS', {
  JKS: {
    message: ({ name, file }: { name: string; file: string }) => `Store ${file} (${name}) is in the JKS format, which only Java reads.`,
    remedy: ({ file }: { name: string; file: string }) =>
      `Convert it: keytool -importkeystore -srckeystore ${file} -destkeystore ${file.replace(/\.jks$/, '')}.p12 -deststoretype PKCS12`,
    status: 400,
  },
  STORE: {
    message: ({ name, file, reason }: { name: string; file: string | undefined; reason: string }) =>
      `${file === undefined ? `Property ${name}` : `Store ${file} (${name})`} cannot be used: ${reason}.`,
    remedy: 'Check the file, its password and its type: PKCS12 (encrypted by AES) and PEM are read.',
    status: 400,
  },
  NO_KEY: {
    message: ({ listener, name }: { listener: string; name: string }) => `${listener} has no certificate: ${name} is not set.`,
    remedy: ({ name }: { listener: string; name: string }) =>
      `Set ${name} to a PEM or PKCS12 file with the private key and its certificate.`,
  },
});
