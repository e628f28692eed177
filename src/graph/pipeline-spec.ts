import { z } from 'zod';

/** Names show up in logs, topics and group ids: no control characters, as Connect demands of connectors. */
const name = z
  .string()
  .min(1)
  .regex(/^\P{Cc}*$/u, 'must not contain control characters');

const config = z.record(z.string(), z.unknown()).default({});

/** A plugin by its own name, Java class name or alias, and its configuration. */
const pluginRef = z.strictObject({ plugin: z.string().min(1), config });

/** Absent: the node before it in the list. Several names, or a name used twice, make a graph that is not a line. */
const from = z.union([name.transform((one) => [one]), z.array(name).min(1)]).optional();

const converters = { key: pluginRef, value: pluginRef, header: pluginRef };

const sourceSpec = z.strictObject({ kind: z.literal('source'), name, ...pluginRef.shape });
const operatorSpec = z.strictObject({
  kind: z.literal('operator'),
  name,
  from,
  ...pluginRef.shape,
  /** The operator sees only records for which the predicate holds (or, negated, does not hold); others pass unchanged. */
  when: z.strictObject({ ...pluginRef.shape, negate: z.boolean().default(false) }).optional(),
});
const decodeSpec = z.strictObject({ kind: z.literal('decode'), name, from, ...converters });
const encodeSpec = z.strictObject({ kind: z.literal('encode'), name, from, ...converters });
const sinkSpec = z.strictObject({ kind: z.literal('sink'), name, from, ...pluginRef.shape });

const nodeSpec = z.discriminatedUnion('kind', [sourceSpec, operatorSpec, decodeSpec, encodeSpec, sinkSpec]);

const count = z.int().min(1);
const milliseconds = z.number().min(0);

/** How a pipeline runs. Every member has a default, so that `{}` is a complete document. */
export const pipelineSettings = z.strictObject({
  tasksMax: count.default(1),
  /** Unreleased records and bytes in flight. */
  window: z.strictObject({ records: count.default(10_000), bytes: count.default(16 * 1024 * 1024) }).prefault({}),
  /** Longest run of unsettled records behind the watermark of one source partition. */
  span: count.default(100_000),
  commitIntervalMs: milliseconds.default(1_000),
  /** A commit that takes longer counts as failed and is tried again. */
  commitTimeoutMs: z.number().min(1).default(5_000),
  /** Age of the oldest unsettled record at which the task fails; `null`: never. */
  watchdogMs: z.number().min(1).nullable().default(600_000),
  /** Longest stretch of work between two yields to I/O. */
  sliceMs: milliseconds.default(5),
  errors: z
    .strictObject({
      /** `none`: a failed record fails the task. `all`: it is skipped. */
      tolerance: z.enum(['none', 'all']).default('none'),
      /** 0: no retry; -1: for ever. */
      retryTimeoutMs: z.number().min(-1).default(0),
      retryMaxDelayMs: milliseconds.default(60_000),
      log: z.boolean().default(false),
      /** Adds topic, partition and offset of the record; never its content. */
      logRecords: z.boolean().default(false),
      /** Where consumed records that failed are kept, byte for byte; only for pipelines that read topics. */
      deadLetters: z
        .strictObject({
          topic: z.string().min(1),
          /** Where the topic has to be made. */
          replicationFactor: z.int().default(3),
          /** Headers that say where a record came from and what went wrong. */
          contextHeaders: z.boolean().default(false),
        })
        .optional(),
    })
    .prefault({}),
});

/**
 * The JSON document of a pipeline.
 *
 * Nodes are listed in the order of the flow. `from` names the nodes that feed one, so that a document can describe branches and several
 * sources and sinks; without it a node follows the one before it, which is all that a line needs.
 */
export const pipelineSpec = z.strictObject({ name, nodes: z.array(nodeSpec).min(2), settings: pipelineSettings.prefault({}) });

/** A complete document: defaults filled in. */
export type PipelineSpec = z.output<typeof pipelineSpec>;
/** What may be written: everything with a default may be left out. */
export type PipelineSpecInput = z.input<typeof pipelineSpec>;
export type PipelineSettings = z.output<typeof pipelineSettings>;
export type PipelineSettingsInput = z.input<typeof pipelineSettings>;
export type NodeSpec = PipelineSpec['nodes'][number];
export type PluginRef = z.output<typeof pluginRef>;
