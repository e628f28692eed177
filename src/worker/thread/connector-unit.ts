import { defer, type Subscription, switchMap } from 'rxjs';
import { closing } from '../closing.ts';
import { compiledConnector } from '../compiled-of.ts';
import type { Unit } from '../messages.ts';
import { connectorContext } from '../task-context.ts';
import { divide } from './divide.ts';
import type { Host } from './host.ts';

/** What a unit is told to report to. */
export interface UnitOptions {
  readonly run: number;
  readonly host: Host;
  readonly ended: () => void;
  readonly failed: (error: unknown) => void;
}

/** A connector at work: divides, and divides anew when it wants to, until it is stopped. */
export class ConnectorUnit {
  readonly #unit: Extract<Unit, { kind: 'connector' }>;
  readonly #options: UnitOptions;
  #dividing: Subscription | undefined;

  constructor(unit: Extract<Unit, { kind: 'connector' }>, options: UnitOptions) {
    this.#unit = unit;
    this.#options = options;
  }

  start(): void {
    const { run, host, failed } = this.#options;
    this.#dividing = defer(() => this.#open())
      .pipe(switchMap(({ graph, lent, context }) => closing(divide(graph, context), lent.close)))
      .subscribe({ next: (parts) => host.tell({ kind: 'divided', run, parts }), error: failed });
  }

  stop(): void {
    this.#dividing?.unsubscribe();
    this.#options.ended();
  }

  cancel(): void {
    this.#dividing?.unsubscribe();
  }

  async #open() {
    const { host } = this.#options;
    const { config, connector } = this.#unit;
    const plugins = await host.plugins();
    const graph = await compiledConnector({ ...config, 'connector.class': config['connector.class'] }, { worker: host.worker, plugins });
    const lent = await host.lend({ connector, config });
    return { graph, lent, context: connectorContext(connector, lent.driver, host.log) };
  }
}
