/** Steps that are answered otherwise than by Kafka Connect, and why. */
export type ExpectedFailures = Readonly<Record<string, string>>;

const mirror = 'the MirrorMaker connectors are not there';

export const onStandalone: ExpectedFailures = { 'root.plugins': mirror };

const ofClusters = 'a standalone worker leaves this check out, as in Connect';
const startsAtOnce = 'a standalone worker answers when the connector has started, with its tasks, as in Connect';

/** Groups of the distributed recording that a standalone worker answers in the same way. */
export const sameOnBoth = ['root', 'routes', 'media', 'body', 'plugins', 'validate', 'names', 'values', 'aliases', 'loggers'];

export const onCluster: ExpectedFailures = {
  'plugins.list': mirror,
  'plugins.list-all': mirror,
  'plugins.list-true': mirror,
  'plugins.list-garbage': mirror,
  'plugins.list-empty': mirror,
  'plugins.config-mirror-source': mirror,
};

export const ofSameOnBoth: ExpectedFailures = {
  ...onCluster,
  'validate.eos-required': ofClusters,
  'validate.boundary-connector': ofClusters,
  'validate.eos-required-upper': ofClusters,
  'validate.boundary-connector-upper': ofClusters,
  'aliases.short': startsAtOnce,
  'aliases.connector': startsAtOnce,
  'aliases.qualified': startsAtOnce,
  'names.put-not-trimmed': startsAtOnce,
};
