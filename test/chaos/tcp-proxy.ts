import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Random } from './seeded-random.ts';

/** Which bytes are counted and hit: those of requests go to the broker, those of answers to the client. */
export type Direction = 'to-broker' | 'to-client';

/**
 * What becomes of a connection when so many bytes of one direction have passed:
 *
 * - `cut`: both sides are reset at once
 * - `truncate`: both sides are ended in order, behind exactly these bytes
 * - `delay`: what follows waits once for `ms`, in both directions
 * - `drop`: what follows in this direction vanishes, while the other goes on; only a cut can follow, at once
 * - `half-open`: the broker sees the client gone, the client sees an open connection on which nothing happens
 */
export type Fault =
  | { readonly kind: 'cut' | 'truncate' | 'drop' | 'half-open'; readonly direction: Direction; readonly afterBytes: number }
  | { readonly kind: 'delay'; readonly direction: Direction; readonly afterBytes: number; readonly ms: number };

/** The fault of a connection, by its number from 0 on; undefined: none. */
export type FaultPlan = (connection: number) => Fault | undefined;

export interface TcpProxy {
  readonly port: number;
  /** Decides the faults of connections that are opened from now on. */
  plan(plan: FaultPlan): void;
  /** Puts a fault on every open connection; its bytes are counted from now on. */
  inflict(fault: Fault): void;
  /** Connections that were taken so far. */
  readonly taken: number;
  /** Refuses connections, and resets those there are; `accept` takes them again, on the same port. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  close(): Promise<void>;
}

export interface ProxyTarget {
  readonly host?: string;
  readonly port: number;
}

/**
 * Stands in front of a server on 127.0.0.1 and does harm to its connections, at a byte. It changes no byte that passes.
 *
 * Clients of Kafka reach only what brokers advertise: let them advertise the port of the proxy.
 */
export async function startProxy(target: ProxyTarget, port = 0): Promise<TcpProxy> {
  const open = new Set<ProxiedConnection>();
  let planned: FaultPlan = () => undefined;
  let taken = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const connection = new ProxiedConnection(client, target, () => open.delete(connection));
    open.add(connection);
    const fault = planned(taken++);
    if (fault !== undefined) connection.inflict(fault);
  });
  const bound = await listening(server, port);
  const refuse = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const connection of open) connection.reset();
    await closed;
  };
  return {
    port: bound,
    plan: (plan) => {
      planned = plan;
    },
    inflict: (fault) => {
      for (const connection of open) connection.inflict(fault);
    },
    get taken() {
      return taken;
    },
    refuse,
    accept: async () => void (await listening(server, bound)),
    close: refuse,
  };
}

/** A plan that lets about every second connection pass, and hits the others anywhere in their first 200 kB. */
export function randomFaults(random: Random, longestDelayMs = 2_000): FaultPlan {
  const kinds = ['cut', 'truncate', 'drop', 'half-open', 'delay'] as const;
  return () => {
    const kind = kinds[random(2 * kinds.length)];
    const direction: Direction = random(2) === 0 ? 'to-broker' : 'to-client';
    const afterBytes = random(4) === 0 ? random(400) : random(200_000);
    const ms = 1 + random(longestDelayMs);
    if (kind === undefined) return undefined;
    return kind === 'delay' ? { kind, direction, afterBytes, ms } : { kind, direction, afterBytes };
  };
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** One connection: a socket on each side. */
class ProxiedConnection {
  readonly #sides: Readonly<Record<Direction, { readonly from: Socket; readonly to: Socket }>>;
  readonly #closed: () => void;
  #fault: Fault | undefined;
  #left = 0;
  /** The client's side is kept though the broker's is gone. */
  #halfOpen = false;

  constructor(client: Socket, { host = '127.0.0.1', port }: ProxyTarget, closed: () => void) {
    const broker = connect({ host, port, allowHalfOpen: true });
    this.#closed = closed;
    this.#sides = { 'to-broker': { from: client, to: broker }, 'to-client': { from: broker, to: client } };
    for (const direction of ['to-broker', 'to-client'] as const) this.#pass(direction);
  }

  inflict(fault: Fault): void {
    // What passed behind bytes that are gone would be other bytes to its reader.
    if (this.#fault?.kind === 'drop' && this.#left === 0) {
      if (fault.kind === 'cut') this.reset();
      return;
    }
    this.#fault = fault;
    this.#left = fault.afterBytes;
    if (this.#left === 0 && fault.kind !== 'drop') this.#strike(fault);
  }

  reset(): void {
    this.#halfOpen = false;
    for (const { from } of Object.values(this.#sides)) {
      if (from.connecting) from.destroy();
      else from.resetAndDestroy();
    }
    this.#closed();
  }

  #pass(direction: Direction): void {
    const { from, to } = this.#sides[direction];
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => this.#forward(direction, chunk));
    from.on('end', () => {
      if (!to.destroyed && !this.#halfOpen) to.end();
    });
    from.on('error', () => {});
    from.on('close', (failed) => {
      if (this.#halfOpen) return;
      if (failed) this.reset();
      else if (to.destroyed) this.#closed();
    });
  }

  #forward(direction: Direction, chunk: Buffer): void {
    const fault = this.#fault;
    const { to, from } = this.#sides[direction];
    const passing = fault?.direction === direction ? chunk.subarray(0, this.#left) : chunk;
    if (passing.length > 0 && !to.destroyed && !to.write(passing)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
    if (fault?.direction !== direction) return;
    this.#left -= passing.length;
    if (this.#left > 0) return;
    const rest = chunk.subarray(passing.length);
    this.#strike(fault);
    if (fault.kind === 'delay' && rest.length > 0) to.write(rest);
  }

  #strike(fault: Fault): void {
    if (fault.kind === 'drop') return;
    this.#fault = undefined;
    const { from: client } = this.#sides['to-broker'];
    const { from: broker } = this.#sides['to-client'];
    if (fault.kind === 'cut') this.reset();
    else if (fault.kind === 'truncate') for (const side of [client, broker]) side.removeAllListeners('data').resume().end();
    else if (fault.kind === 'half-open') {
      this.#halfOpen = true;
      client.removeAllListeners('data').resume();
      broker.destroy();
    } else if (fault.kind === 'delay') this.#hold(client, broker, fault.ms);
  }

  /** Both sides stand still; what is on its way already arrives. */
  #hold(client: Socket, broker: Socket, ms: number): void {
    const sides = [client, broker];
    for (const side of sides) side.cork();
    for (const side of sides) side.pause();
    setTimeout(() => {
      for (const side of sides) if (!side.destroyed) side.uncork();
      for (const side of sides) if (!side.destroyed) side.resume();
    }, ms);
  }
}
