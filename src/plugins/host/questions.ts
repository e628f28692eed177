import type { PluginKind } from '../../graph/graph.ts';
import type { WorkerMode } from '../../graph/validation/cross-checks.ts';
import type { ConfigReport, DescribedKey } from '../../graph/validation/report.ts';
import type { RawConfig } from '../../sdk/config.ts';
import type { OffsetChange } from '../../sdk/source.ts';

/** What the plugin host is started with. */
export interface HostSettings {
  /** Properties of the worker. */
  readonly properties: RawConfig;
  readonly mode: WorkerMode;
  /** Modules that bring plugins: URLs, paths or names of packages. */
  readonly modules: readonly string[];
  /** Those that blocked the thread while they were imported, and why they are left out now. */
  readonly leftOut: readonly ModuleFailure[];
}

export interface ModuleFailure {
  readonly module: string;
  readonly why: string;
}

/** What Connect's tools are told of a plugin; a converter of records and headers is two. */
export interface ListedPlugin {
  readonly class: string;
  readonly type: 'sink' | 'source' | 'transformation' | 'predicate' | 'converter' | 'header_converter';
  readonly version: string | null;
}

/** A connector of a config that was validated. */
export interface ValidatedConnector {
  readonly report: ConfigReport;
  readonly connector: {
    readonly kind: Extract<PluginKind, 'source' | 'sink'>;
    /** What a configuration calls it. */
    readonly className: string;
    readonly version: string | null;
  };
}

/** By kind: what is asked, and what is answered. */
export interface Questions {
  readonly plugins: { readonly ask: Record<never, never>; readonly answer: readonly ListedPlugin[] };
  readonly failures: { readonly ask: Record<never, never>; readonly answer: readonly ModuleFailure[] };
  /** Which of these names stand for no converter, or for more than one. */
  readonly missing: { readonly ask: { readonly converters: readonly string[] }; readonly answer: readonly string[] };
  readonly keys: {
    readonly ask: { readonly name: string; readonly version: string | undefined };
    readonly answer: readonly DescribedKey[];
  };
  readonly validate: { readonly ask: { readonly config: RawConfig }; readonly answer: ValidatedConnector };
  readonly offsets: { readonly ask: { readonly config: RawConfig; readonly changes: readonly OffsetChange[] }; readonly answer: boolean };
}
export type QuestionKind = keyof Questions;
export type Question = { [K in QuestionKind]: { readonly kind: K } & Questions[K]['ask'] }[QuestionKind];

export type ToHost = { readonly id: number; readonly question: Question };

export type FromHost =
  /** A module is about to be imported; `undefined`: all of them were. */
  | { readonly kind: 'importing'; readonly module: string | undefined }
  | { readonly kind: 'left-out'; readonly failure: ModuleFailure }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly status: number; readonly message: string };
