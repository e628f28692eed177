import { recordErrors } from '../errors/record.ts';
import type { Ack, Flow } from './ack.ts';
import { ConcatPort } from './concat-port.ts';
import { edgesPort } from './edges-port.ts';
import { Handle, spend, succeed } from './handle.ts';
import { filtered } from './outcome.ts';
import { DeadPort, type Origins, type Port } from './port.ts';
import { WholePort } from './whole-port.ts';

/** How the children of a gathered batch depend on the records of its inputs. */
export type Parents =
  /** Child j is the j-th record of the inputs (batching). */
  | { readonly kind: 'concat' }
  /** Every child depends on every record (aggregate, window): costs O(inputs), not O(records). */
  | { readonly kind: 'all'; readonly size: number }
  /** Child j depends on the records (`ack[e]`, `index[e]`) for e from `at[j]` to `at[j + 1]`. */
  | { readonly kind: 'edges'; readonly at: Uint32Array; readonly ack: Uint32Array; readonly index: Uint32Array };

/**
 * Makes one ack of many, and spends them.
 *
 * A record without child is `filtered` at once; the others settle when all their children have, the worst outcome wins. Releasing the
 * ack releases every input. O(inputs), O(edges) with edges.
 */
export function gather(acks: readonly Ack[], parents: Parents): Ack {
  const first = acks[0];
  if (first === undefined) throw recordErrors.NOTHING_GATHERED({});
  const inputs = acks.map((ack) => spend(ack, 'gathered'));
  const origins = originsOf(inputs, first.flow);
  const handle = gathered(acks, inputs, origins, first.node, parents);
  for (const ack of acks) succeed(ack, handle);
  return handle;
}

function gathered(acks: readonly Ack[], inputs: readonly Port[], origins: Origins, node: string, parents: Parents): Handle {
  const sizes = acks.map((ack) => ack.size);
  switch (parents.kind) {
    case 'concat': {
      const only = inputs.length === 1 ? inputs[0] : undefined;
      const port = only ?? new ConcatPort(origins, inputs, sizes);
      return new Handle(
        port,
        sizes.reduce((sum, size) => sum + size, 0),
        node,
      );
    }
    case 'all':
      if (parents.size === 0) for (const input of inputs) input.rest(filtered);
      return new Handle(new WholePort(origins, inputs, parents.size), parents.size, node);
    case 'edges': {
      const port = edgesPort(origins, inputs, sizes, parents);
      if (port === undefined) origins.flow.fail(recordErrors.EDGES_UNEQUAL({ node }));
      return new Handle(port ?? new DeadPort(origins), Math.max(0, parents.at.length - 1), node);
    }
  }
}

/** Acks of one origin share it; of several, they are stale when all are. */
function originsOf(inputs: readonly Port[], flow: Flow): Origins {
  const all = new Set(inputs.map((input) => input.origins));
  const [only] = all;
  if (all.size === 1 && only !== undefined) return only;
  return {
    flow,
    get stale() {
      for (const origins of all) if (!origins.stale) return false;
      return true;
    },
  };
}
