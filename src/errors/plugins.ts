import { errorTable } from './error-table.ts';

const list = (names: readonly string[]): string => names.join(', ');

export const pluginErrors = errorTable('PLUGINS', {
  UNKNOWN: {
    message: ({ kind, name }: { kind: string; name: string; near: readonly string[] }) => `There is no ${kind} named ${name}.`,
    remedy: ({ near }: { kind: string; name: string; near: readonly string[] }) =>
      near.length > 0
        ? `Near names: ${list(near)}. Run: sluice plugins`
        : 'Run: sluice plugins; one of your own is found by --plugin-path, plugin.path of a worker, or the option plugins of run.',
    status: 400,
  },
  AMBIGUOUS: {
    message: ({ kind, name }: { kind: string; name: string; candidates: readonly string[] }) => `More than one ${kind} is called ${name}.`,
    remedy: ({ candidates }: { kind: string; name: string; candidates: readonly string[] }) => `Use one of: ${list(candidates)}.`,
    status: 400,
  },
  BROKEN: {
    message: ({ kind, name, why }: { kind: string; name: string; why: string }) => `The ${kind} ${name} could not be loaded: ${why}.`,
    remedy: 'Reinstall the package that brings it.',
  },
  NO_CONVERTER: {
    message: ({ key, name }: { key: string; name: string }) =>
      `Invalid value ${name} for configuration ${key}: Class ${name} could not be found.`,
    remedy: 'Use a converter that `sluice plugins` shows, or list the folder of its package in plugin.path.',
  },
  NO_ANSWER: {
    message: ({ question, waitedMs }: { question: string; waitedMs: number }) => `${question} gave no answer within ${waitedMs} ms.`,
    remedy: 'A plugin that blocks, or waits for something that does not come, does this: look at its validate and alterOffsets.',
  },
  HOST_LOST: {
    message: ({ question, why }: { question: string; why: string }) =>
      `${question} could not be asked: the thread that asks plugins fell, ${why}.`,
    remedy: 'A plugin must neither end the process nor the thread it runs on.',
  },
  NO_THREAD: {
    message: ({ question, why }: { question: string; why: string }) =>
      `${question} could not be asked: the thread that asks plugins cannot be started or told, ${why}.`,
    remedy: 'Try it again. Where the system refuses threads, raise its limit of them (ulimit -u, pids of the container) or its memory.',
  },
  NO_MODULE: {
    message: ({ module, why }: { module: string; why: string }) => `The plugin module ${module} could not be imported: ${why}.`,
    remedy: 'Correct it, or take it out of plugin.path; its plugins are missing until then.',
  },
});
