import type { Redaction } from '../telemetry/redaction.ts';
import type { Resolved } from './config-references.ts';
import type { FlatConfig } from './flat-json.ts';
import { secretsIn } from './secret-keys.ts';
import type { WorkerConfig } from './worker-config.ts';

/** Replaces the references of connector configs; what they stand for, and what is named like a secret, is told by nobody from then on (I10). */
export function connectorResolver(
  { originals, references, provided }: Pick<WorkerConfig, 'originals' | 'references' | 'provided'>,
  redaction: Redaction,
): (connector: FlatConfig) => Promise<Resolved> {
  redaction.add([...provided, ...secretsIn(originals)]);
  return async (connector) => {
    const resolved = await references.resolve(connector);
    redaction.add([...resolved.provided, ...secretsIn(connector)]);
    return resolved;
  };
}
