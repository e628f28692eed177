import { errorTable } from './error-table.ts';

const folderKeys = '--data of a command, data.dir of a worker';
const anotherFolder = `another data folder: ${folderKeys}`;

/** What can go wrong between the runtime and its broker, the embedded store included. */
export const kafkaErrors = errorTable('KAFKA', {
  STORE_OWNED: {
    message: ({ folder, pid }: { folder: string; pid: number | undefined }) =>
      `Data folder ${folder} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}.`,
    remedy: ({ pid }: { folder: string; pid: number | undefined }) =>
      `Stop ${pid === undefined ? 'that process' : `process ${pid}`}, or choose ${anotherFolder}.`,
    status: 409,
  },
  STORE_MISSING: {
    message: ({ file }: { file: string }) => `There is no store at ${file}.`,
    remedy: `Check the data folder (${folderKeys}); a store is created by the first worker that runs on it.`,
    status: 404,
  },
  STORE_FOLDER: {
    message: ({ folder, reason }: { folder: string; reason: string }) => `Data folder ${folder} cannot be used: ${reason}.`,
    remedy: `Make it a folder on a local disk that this user may write to, or choose ${anotherFolder}.`,
  },
  STORE_READ_ONLY: {
    message: ({ file }: { file: string }) =>
      `Store ${file} cannot be written: it was opened read-only, or its file or folder is write-protected.`,
    remedy: 'Write through the process that owns the data folder, or give this user the right to write.',
  },
  STORE_NEWER: {
    message: ({ file, found, known }: { file: string; found: number; known: number }) =>
      `Store ${file} has schema version ${found}; this version of Sluice knows up to ${known}.`,
    remedy: `Use the newer Sluice that wrote it, or choose ${anotherFolder}.`,
  },
  STORE_FOREIGN: {
    message: ({ file }: { file: string }) => `File ${file} is a SQLite database, but not a store of Sluice.`,
    remedy: `Choose ${anotherFolder}.`,
  },
  STORE_CORRUPT: {
    message: ({ file, reason }: { file: string; reason: string }) => `Store ${file} is damaged: ${reason}.`,
    remedy: 'Stop the worker and restore the data folder from a backup, or move the file away to start empty.',
  },
  STORE_FULL: {
    message: ({ file }: { file: string }) => `There is no space left to write store ${file}; nothing of this write was kept.`,
    remedy: 'Free space on its disk, or lower retention.ms or retention.bytes of its topics.',
    retriable: true,
  },
  STORE_IO: {
    message: ({ file, reason }: { file: string; reason: string }) => `Store ${file} could not be read or written: ${reason}.`,
    remedy: 'Check the disk that holds it.',
    retriable: true,
  },
  STORE_BUSY: {
    message: ({ file, waitedMs }: { file: string; waitedMs: number }) => `Store ${file} was locked by another writer for ${waitedMs} ms.`,
    remedy: 'Close other programs that have it open for writing.',
    retriable: true,
  },
  SETTING: {
    message: ({ name, value, expected }: { name: string; value: string; expected: string }) =>
      `Client property ${name} is "${value}", and must be ${expected}.`,
    remedy: ({ name }: { name: string }) => `Correct ${name} in the configuration.`,
    status: 400,
  },
  SETTING_REFUSED: {
    message: ({ name }: { name: string; remedy: string }) => `Client property ${name} is not supported.`,
    remedy: ({ remedy }: { name: string; remedy: string }) => remedy,
    status: 400,
  },
  JAAS: {
    message: ({ reason }: { reason: string }) => `Client property sasl.jaas.config cannot be used: ${reason}.`,
    remedy:
      'Write it as org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…"; with the module of sasl.mechanism.',
    status: 400,
  },
  SASL_GSSAPI: {
    message: () => 'Login by Kerberos (sasl.mechanism GSSAPI, the default) is not supported.',
    remedy: 'Set sasl.mechanism to SCRAM-SHA-512, SCRAM-SHA-256, PLAIN or OAUTHBEARER, and open a listener for it on the brokers.',
    status: 400,
  },
  OAUTH: {
    message: ({ endpoint, reason }: { endpoint: string; reason: string }) => `No token from ${endpoint}: ${reason}.`,
    remedy: 'Check sasl.oauthbearer.token.endpoint.url, and clientId and clientSecret in sasl.jaas.config.',
    retriable: true,
    status: 502,
  },
  CLIENT_CHANGED: {
    message: ({ what, version }: { what: string; version: string }) =>
      `The installed kafkajs is not the ${version} that this driver is built on: ${what}.`,
    remedy: ({ version }: { what: string; version: string }) => `Install it: npm install kafkajs@${version} --save-exact`,
  },
});
