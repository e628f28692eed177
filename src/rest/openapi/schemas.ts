import { z } from 'zod';

const text = z.string();
const nullable = z.string().nullable();
const config = z.record(text, nullable).meta({ description: 'A connector config: every value is a text.' });
/** Scalars are taken as texts. */
const givenConfig = z.record(text, z.union([text, z.number(), z.boolean(), z.null()]));
const taskId = z.object({ connector: text, task: z.int() });
const type = z.enum(['source', 'sink', 'unknown']);
const connectorState = z.enum(['UNASSIGNED', 'RUNNING', 'PAUSED', 'STOPPED', 'FAILED', 'RESTARTING']);
const taskState = connectorState.exclude(['STOPPED']);
const part = {
  worker_id: text,
  version: nullable.optional(),
  trace: text.optional().meta({ description: 'Why it failed.' }),
  restarts: z.int().optional().meta({ description: 'Restarts by the restart policy since it last ran healthily.' }),
  next_restart_at: z.number().optional().meta({ description: 'Milliseconds since the epoch.' }),
};
const info = z.object({ name: text, config, tasks: z.array(taskId), type });
const taskStatus = z.object({ id: z.int(), state: taskState, ...part });
const status = z.object({ name: text, connector: z.object({ state: connectorState, ...part }), tasks: z.array(taskStatus), type });
const offset = z.object({ partition: z.record(text, z.unknown()), offset: z.record(text, z.unknown()).nullable() });
const plugin = z.object({ class: text, type: text, version: nullable.optional() });
const configKey = z.object({
  name: text,
  type: text,
  required: z.boolean(),
  default_value: nullable,
  importance: text,
  documentation: nullable,
  group: nullable,
  width: text,
  display_name: nullable,
  dependents: z.array(text),
  order: z.int().optional(),
  order_in_group: z.int().optional(),
});
const configValue = z.object({
  name: text,
  value: nullable,
  recommended_values: z.array(nullable),
  errors: z.array(text),
  visible: z.boolean(),
});
const logger = z.object({ level: nullable, last_modified: z.number().nullable() });
const event = z.object({
  kind: z.enum(['connector-state', 'task-state', 'connector-created', 'connector-updated', 'connector-deleted', 'offsets-committed']),
  connector: text,
  task: z.int().optional(),
  state: text.optional(),
  trace: text.optional(),
  records: z.int().optional(),
});

/** What requests and answers hold, by the names that the document gives them. */
export const schemas = {
  Worker: z.object({ version: text, commit: text, kafka_cluster_id: text }),
  Health: z.object({ status: z.enum(['healthy', 'starting', 'unhealthy']), message: text }),
  Error: z.object({ error_code: z.int(), message: nullable }),
  Problem: z.object({ type: text, title: text, status: z.int(), detail: text, remedy: text.optional() }),
  Config: config,
  GivenConfig: givenConfig,
  ConfigChanges: givenConfig.meta({ description: 'Keys to change; null removes one.' }),
  CreateConnector: z.object({
    name: text,
    config: givenConfig,
    initial_state: z.enum(['RUNNING', 'PAUSED', 'STOPPED']).nullable().optional(),
  }),
  ConnectorInfo: info,
  ConnectorStatus: status,
  ConnectorNames: z.array(text),
  ConnectorList: z.union([z.array(text), z.record(text, z.object({ info: info.optional(), status: status.optional() }))]),
  Tasks: z.array(z.object({ id: taskId, config })),
  TaskConfigs: z.array(givenConfig),
  TaskStatus: taskStatus,
  Topics: z.record(text, z.object({ topics: z.array(text) })),
  Offsets: z.object({ offsets: z.array(offset) }),
  Message: z.object({ message: text }),
  Plugins: z.array(plugin),
  ConfigKeys: z.array(configKey),
  Validation: z.object({
    name: text,
    error_count: z.int(),
    groups: z.array(text),
    configs: z.array(z.object({ definition: configKey.nullable(), value: configValue })),
  }),
  Loggers: z.record(text, logger),
  Logger: logger,
  Level: z.object({ level: text }),
  LoggerNames: z.array(text),
  Graph: z.object({
    name: text,
    nodes: z.array(z.object({ name: text, kind: text, does: text, from: z.array(text) })),
  }),
  Event: event,
} as const;

export type SchemaName = keyof typeof schemas;
