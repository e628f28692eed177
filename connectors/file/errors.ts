import { errorTable } from 'sluice/sdk';

interface FileFacts {
  readonly file: string;
}
interface SystemFacts extends FileFacts {
  /** The system's code, such as `EACCES`. */
  readonly reason: string;
}

const named = ({ file }: FileFacts): string => (file === '' ? 'standard output' : `"${file}" (config key file)`);
const input = ({ file }: FileFacts): string => (file === '' ? 'standard input' : named({ file }));

/** What can be wrong with a file that a connector reads or writes. */
export const fileErrors = errorTable('FILE', {
  UNREADABLE: {
    message: (facts: SystemFacts) => `The file source may not read ${named(facts)}: ${facts.reason}.`,
    remedy: 'Give the user that runs Sluice read permission on the file and on every folder above it.',
  },
  NOT_A_FILE: {
    message: (facts: FileFacts & { readonly is: string }) =>
      `The file source cannot read ${named(facts)}: it is ${facts.is}, not a regular file.`,
    remedy: 'Name a file, or leave the key out and pipe the data into standard input.',
  },
  BAD_PATH: {
    message: (facts: SystemFacts) => `There can be no file at ${named(facts)}: ${facts.reason}.`,
    remedy: 'Correct the path: a part of it is not a folder, is too long, or is a link that leads back to itself.',
  },
  READ_FAILED: {
    message: (facts: SystemFacts & { readonly position: number }) =>
      `Reading ${input(facts)} failed at byte ${facts.position}: ${facts.reason}.`,
    remedy: 'Check the disk or the network drive, then restart the task: it goes on at the last committed position.',
  },
  CORRUPT_GZIP: {
    message: (facts: SystemFacts & { readonly position: number }) =>
      `${named(facts)} is no valid gzip data after ${facts.position} bytes of content: ${facts.reason}.`,
    remedy: 'Replace the file by an intact one, or rename it if it is not compressed.',
  },
  LINE_TOO_LONG: {
    message: (facts: FileFacts & { readonly position: number; readonly limit: number }) =>
      `The line at byte ${facts.position} of ${input(facts)} is longer than ${facts.limit} bytes.`,
    remedy: 'Raise max.line.bytes if such lines are meant to be; otherwise the file is not made of lines.',
  },
  OFFSET_TYPE: {
    message: (facts: FileFacts & { readonly position: unknown }) =>
      `The stored position of ${named(facts)} is ${JSON.stringify(facts.position)}, which is no byte position.`,
    remedy: 'Stop the connector and set the offset to {"position": <bytes>}, or reset it.',
  },
  CANNOT_OPEN: {
    message: (facts: SystemFacts) => `The file sink cannot write to ${named(facts)}: ${facts.reason}.`,
    remedy: 'Create the folder, name a file that is no folder, and give the user that runs Sluice permission to write it.',
  },
  DISK_FULL: {
    message: (facts: SystemFacts) => `There is no space left for ${named(facts)}: ${facts.reason}.`,
    remedy: 'Free space or raise the quota, then restart the task: what was not written is delivered again.',
  },
  READER_GONE: {
    message: (facts: SystemFacts) => `Nobody reads ${named(facts)} any more: ${facts.reason}.`,
    remedy: 'Keep the reading end open for as long as the connector runs, or set file to a path.',
  },
  WRITE_FAILED: {
    message: (facts: SystemFacts) => `Writing to ${named(facts)} failed: ${facts.reason}.`,
    remedy: 'Check the disk or the network drive, then restart the task: what was not written is delivered again.',
  },
});

type Code = keyof typeof fileErrors;

/** System codes by what a user can do about them; the rest are `READ_FAILED` and `WRITE_FAILED`. */
const opening: Readonly<Record<string, Code>> = {
  EACCES: 'UNREADABLE',
  EPERM: 'UNREADABLE',
  ENOTDIR: 'BAD_PATH',
  ELOOP: 'BAD_PATH',
  ENAMETOOLONG: 'BAD_PATH',
};
const writing: Readonly<Record<string, Code>> = { ENOSPC: 'DISK_FULL', EDQUOT: 'DISK_FULL', EPIPE: 'READER_GONE', EOF: 'READER_GONE' };

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The error of a file that could not be opened for reading. */
export const openError = (file: string, error: unknown): Error => {
  const facts = { file, reason: reasonOf(error) };
  const code = opening[codeOf(error) ?? ''];
  return code === 'UNREADABLE' || code === 'BAD_PATH'
    ? fileErrors[code](facts, error)
    : fileErrors.READ_FAILED({ ...facts, position: 0 }, error);
};

/** The error of a write, or of an `fsync`. */
export const writeError = (file: string, error: unknown): Error => {
  const facts = { file, reason: reasonOf(error) };
  const code = writing[codeOf(error) ?? ''];
  return code === 'DISK_FULL' || code === 'READER_GONE' ? fileErrors[code](facts, error) : fileErrors.WRITE_FAILED(facts, error);
};

export const readError = (file: string, position: number, error: unknown): Error =>
  fileErrors.READ_FAILED({ file, reason: reasonOf(error), position }, error);

export const gzipError = (file: string, position: number, error: unknown): Error =>
  fileErrors.CORRUPT_GZIP({ file, reason: reasonOf(error), position }, error);
