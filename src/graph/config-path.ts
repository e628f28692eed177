/** Which of a node's configurations: its plugin's, its predicate's, or that of one converter. */
export type Place = 'config' | 'when' | 'key' | 'value' | 'header';

/** Where a user wrote a key of a node; without a key: where the plugin was named. */
export type ConfigPath = (node: string, place: Place, key?: string) => string;

/** Paths into the JSON document, with nodes by name: `nodes.mask.config.fields`, `nodes.mask.when.plugin`. */
export const documentPath: ConfigPath = (node, place, key) => {
  const inside = place === 'config' ? '' : `.${place}`;
  return `nodes.${node}${inside}.${key === undefined ? 'plugin' : `config.${key}`}`;
};
