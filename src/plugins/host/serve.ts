import type { MessagePort } from 'node:worker_threads';
import { SluiceError } from '../../errors/error-table.ts';
import { RestError } from '../../errors/rest-error.ts';
import { builtins } from '../builtins.ts';
import { describePlugin } from '../describe-plugin.ts';
import { listPlugins } from '../list-plugins.ts';
import { moduleEntries } from '../module-entries.ts';
import { checkOffsetChanges } from '../offset-changes.ts';
import { PluginRegistry } from '../registry.ts';
import { validateConnectorConfig } from '../validate-config.ts';
import type { FromHost, HostSettings, ModuleFailure, Question, QuestionKind, Questions, ToHost } from './questions.ts';

type Answers = { readonly [K in QuestionKind]: (question: Questions[K]['ask']) => Promise<Questions[K]['answer']> };

/** Answers what is asked about plugins, until the thread is ended. */
export function servePlugins(port: MessagePort, settings: HostSettings): void {
  const tell = (message: FromHost): void => port.postMessage(message);
  const failures: ModuleFailure[] = [...settings.leftOut];
  const worker = { properties: settings.properties, mode: settings.mode };
  const registry = imported(settings, failures, tell);
  const answers: Answers = {
    plugins: async () => listPlugins(await registry),
    failures: async () => registry.then(() => failures),
    missing: async ({ converters }) => missingOf(converters, await registry),
    keys: async ({ name, version }) => describePlugin(await registry, name, version),
    validate: async ({ config }) => validateConnectorConfig(config, await registry, worker),
    offsets: async ({ config, changes }) => checkOffsetChanges(config, changes, await registry),
  };
  port.on('message', ({ id, question }: ToHost) => {
    answer(answers, question).then(
      (given) => tell({ kind: 'answer', id, answer: given }),
      (error: unknown) => tell({ kind: 'refused', id, ...refusalOf(error) }),
    );
  });
}

const answer = (answers: Answers, question: Question): Promise<unknown> =>
  // The table is complete by type; its lookup loses which question belongs to which function.
  (answers[question.kind] as (question: Question) => Promise<unknown>)(question);

const missingOf = (converters: readonly string[], registry: PluginRegistry): readonly string[] =>
  converters.filter((name) => registry.installed('converter', name) === undefined);

async function imported({ modules, leftOut }: HostSettings, failures: ModuleFailure[], tell: (message: FromHost) => void) {
  const skipped = new Set(leftOut.map(({ module }) => module));
  const entries = await moduleEntries(
    modules.filter((module) => !skipped.has(module)),
    {
      begins: (module) => tell({ kind: 'importing', module }),
      failed: (error, module) => {
        const failure = { module, why: error.message };
        failures.push(failure);
        tell({ kind: 'left-out', failure });
      },
    },
  );
  tell({ kind: 'importing', module: undefined });
  return new PluginRegistry([...builtins, ...entries]);
}

function refusalOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof RestError || error instanceof SluiceError) return { status: error.status, message: error.message };
  return { status: 500, message: error instanceof Error ? error.message : String(error) };
}
