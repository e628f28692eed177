import { deepStrictEqual as same } from 'node:assert/strict';
import { recordingFlow } from '../../record/root.ts';
import { assertOver, type Choices } from './choices.ts';
import type { Core, Law } from './core.ts';
import { randomEmission, spied } from './forest-emission.ts';
import { misuses } from './forest-misuse.ts';
import {
  committable,
  type Epoch,
  type Gate,
  gatheredBy,
  grow,
  grownBy,
  type Held,
  isStale,
  type Kind,
  kinds,
  leaf,
  type ModelBatch,
  type Node,
  outcomeOf,
  settledAs,
  sumsOf,
} from './forest-model.ts';
import { parentsOf, randomOutputs, randomRows } from './forest-shapes.ts';

/**
 * Forest: whatever is forked, gathered, intercepted, released and settled in whatever order, each origin record ends as a naive tree per
 * record says, and so do the counts, the window and the committable offsets (I1, I3, I4, I11). Checked after every step.
 */
export const forest: Law = (core, options = {}) => assertOver((choices) => new Forest(core, choices).run(), { runs: 400, ...options });

class Forest {
  readonly #core: Core;
  readonly #choices: Choices;
  readonly #flow = recordingFlow();
  readonly #soon: (() => void)[] = [];
  readonly #window;
  readonly #tracker;
  readonly #held: Held[] = [];
  readonly #batches: ModelBatch[] = [];
  readonly #gates: Gate[] = [];
  readonly #epochs = new Map<string, Epoch>();
  readonly #failedSeen = new Set<Node>();
  #misused = 0;
  #failures = 0;
  #mustFail = false;
  #offset = 0;

  constructor(core: Core, choices: Choices) {
    this.#core = core;
    this.#choices = choices;
    const later = (work: () => void) => void this.#soon.push(work);
    this.#window = new core.Window({ records: 50, bytes: 500, span: 50 }, { changed: () => {}, later });
    this.#tracker = new core.AckTracker('source', {
      flow: this.#flow,
      window: this.#window,
      later,
      idle: () => {},
      failed: () => void this.#failures++,
    });
  }

  run(): void {
    const steps = [
      () => this.#track(),
      () => this.#track(),
      () => this.#fork(),
      () => this.#fork(),
      () => this.#gather(),
      () => this.#intercept(),
      () => this.#open(),
      () => this.#settleAt(),
      () => this.#settleAt(),
      () => this.#settleAt(),
      () => this.#settle(),
      () => this.#release(),
      () => this.#take(),
      () => this.#turn(),
      () => this.#reassign(),
      () => this.#misuse(),
    ];
    const tornDown = this.#choices.below(3) === 0;
    while (this.#choices.left) {
      this.#choices.of(steps)();
      this.#check();
    }
    if (tornDown) this.#close();
    else this.#end();
  }

  #track(): void {
    const { batch, emitted } = randomEmission(
      this.#choices,
      () => ++this.#offset,
      (name) => this.#epochs.get(name) ?? this.#start(name),
    );
    this.#batches.push(batch);
    const { ack } = this.#tracker.track(emitted, 0);
    const { seen } = batch;
    batch.root.push(this.#hold(seen === undefined ? ack : spied(this.#core, ack, seen), batch.nodes, new Set([batch])));
  }

  #fork(): void {
    const from = this.#untouched();
    if (from === undefined) return;
    const outputs = randomOutputs(this.#choices, from.nodes.length);
    const { grown, next } = grownBy(from, outputs);
    const acks = this.#core.fork(from.ack, outputs);
    grow(from, grown);
    from.next = acks.map((ack, k) => this.#hold(ack, next[k] ?? [], from.batches));
  }

  #gather(): void {
    const inputs: Held[] = [];
    const wanted = 1 + this.#choices.below(4);
    for (let k = 0; k < wanted; k++) {
      const input = this.#untouched();
      if (input !== undefined && !inputs.includes(input)) inputs.push(input);
    }
    if (inputs.length === 0) return;
    const all = inputs.flatMap(({ nodes }, k) => nodes.map((node, i) => ({ node, k, i })));
    const rows = randomRows(this.#choices, all.length);
    const { nodes, childrenOf } = gatheredBy(all, rows.rows);
    const ack = this.#core.gather(
      inputs.map((input) => input.ack),
      parentsOf(rows, all),
    );
    for (const input of inputs) grow(input, input.nodes.map(childrenOf));
    const held = this.#hold(ack, nodes, new Set(inputs.flatMap(({ batches }) => [...batches])));
    for (const input of inputs) input.next = [held];
  }

  #intercept(): void {
    const from = this.#untouched();
    if (from === undefined) return;
    const gate: Gate = { open: false, waiting: [] };
    const pass = (work: () => void) => {
      if (gate.open) work();
      else gate.waiting.push(work);
    };
    const ack = this.#core.intercept(from.ack, {
      settle: (inner, outcome) => pass(() => inner.settle(outcome)),
      settleAt: (inner, i, outcome) => pass(() => inner.settleAt(i, outcome)),
    });
    const nodes = from.nodes.map(leaf);
    grow(
      from,
      nodes.map((node) => [node]),
    );
    for (const node of from.nodes) node.gate = gate;
    from.next = [this.#hold(ack, nodes, from.batches)];
    this.#gates.push(gate);
  }

  #open(): void {
    const gate = this.#gates.splice(this.#choices.below(this.#gates.length), 1)[0];
    if (gate === undefined) return;
    gate.open = true;
    for (const work of gate.waiting.splice(0)) work();
  }

  #settleAt(): void {
    const held = this.#any('open');
    if (held === undefined || held.nodes.length === 0) return;
    const index = this.#choices.below(held.nodes.length);
    const node = held.nodes[index];
    if (node === undefined) return;
    const kind = this.#kind();
    if (node.value === undefined) node.value = kind;
    else this.#misused += 1;
    held.ack.settleAt(index, outcomeOf(kind));
  }

  #settle(): void {
    const held = this.#any('open');
    if (held === undefined) return;
    const closes = this.#choices.maybe(6);
    this.#settleModel(held, closes ? 'returned' : this.#kind(), closes);
  }

  #settleModel(held: Held, kind: Kind, closes: boolean): void {
    for (const node of held.nodes) node.value ??= kind;
    held.state = closes ? 'closed' : 'spent';
    if (closes) held.ack.close(outcomeOf(kind));
    else held.ack.settle(outcomeOf(kind));
  }

  #release(): void {
    const held = this.#any('open');
    if (held === undefined) return;
    held.released = true;
    held.ack.release();
  }

  #take(): void {
    const taken = new Map(this.#tracker.takeCommittable().map(({ partition, offset }) => [partition.p, offset.at]));
    for (const epoch of this.#epochs.values()) {
      const offset = epoch.revoked ? epoch.taken : committable(epoch);
      same(taken.get(epoch.name), offset === epoch.taken ? undefined : offset, `committable of ${epoch.name}`);
      epoch.taken = offset;
    }
  }

  #turn(): void {
    for (const work of this.#soon.splice(0)) work();
    for (const { tells, nodes, told } of this.#batches) {
      const values = nodes.map(settledAs);
      if (tells) same(told, values.includes(undefined) ? undefined : values, 'told');
    }
  }

  #reassign(): void {
    const name = `p${this.#choices.below(3)}`;
    const old = this.#epochs.get(name);
    if (this.#choices.maybe(2)) {
      this.#tracker.revoke([{ p: name }]);
      if (old !== undefined) old.revoked = true;
      return;
    }
    this.#tracker.assign([{ p: name }]);
    if (old !== undefined) old.revoked = true;
    this.#start(name);
  }

  #misuse(): void {
    const held = this.#any(this.#choices.maybe(3) ? 'closed' : 'spent');
    if (held === undefined) return;
    if (held.state === 'spent') this.#misused += 1;
    this.#choices.of(misuses)(this.#core, held.ack);
  }

  #end(): void {
    while (this.#gates.length > 0) this.#open();
    for (const held of this.#held) if (held.state === 'open') this.#settleModel(held, 'delivered', false);
    this.#check();
    this.#turn();
    this.#take();
    same([this.#tracker.unsettled, this.#window.held, this.#window.heldBytes, this.#tracker.oldest()], [0, 0, 0, undefined], 'empty');
  }

  /** Teardown: everything is returned, and what settles afterwards is ignored (I3). */
  #close(): void {
    const before = this.#batches.map(({ nodes }) => nodes.map(settledAs));
    const failures = this.#failures;
    this.#tracker.close();
    while (this.#gates.length > 0) this.#open();
    for (const held of this.#held) if (held.state === 'open') held.ack.settle(outcomeOf('failed'));
    this.#batches.forEach(({ tells, told, seen }, k) => {
      if (tells) same(told, before[k]?.map((kind) => kind ?? 'returned') ?? [], 'told at close');
      if (seen !== undefined) same(seen.includes(undefined), false);
    });
    same([this.#tracker.unsettled, this.#window.held, this.#window.heldBytes, this.#tracker.oldest()], [0, 0, 0, undefined], 'closed');
    same([this.#failures, this.#flow.errors.length], [failures, this.#misused], 'silent');
  }

  #check(): void {
    for (const { nodes, seen, epochs } of this.#batches) {
      const values = nodes.map(settledAs);
      if (seen !== undefined) same(seen, values, 'outcomes');
      nodes.forEach((node, i) => {
        if (values[i] !== 'failed' || this.#failedSeen.has(node)) return;
        this.#failedSeen.add(node);
        if (epochs.some(({ revoked }) => !revoked)) this.#mustFail = true;
      });
    }
    const { held, heldBytes } = this.#window;
    same({ unsettled: this.#tracker.unsettled, held, heldBytes }, sumsOf(this.#batches));
    same(this.#flow.errors.length, this.#misused, 'misuse');
    same(this.#failures > 0, this.#mustFail, 'failed');
    for (const { ack, state, batches } of this.#held) if (state === 'open') same(ack.stale, isStale(batches), 'stale');
  }

  #hold(ack: Held['ack'], nodes: readonly Node[], batches: ReadonlySet<ModelBatch>): Held {
    const held: Held = { ack, nodes, batches, next: [], state: 'open', released: false };
    same(ack.size, nodes.length, 'size');
    this.#held.push(held);
    return held;
  }

  #start(name: string): Epoch {
    const epoch: Epoch = { name, revoked: false, entries: [], taken: undefined };
    this.#epochs.set(name, epoch);
    return epoch;
  }

  #any(state: Held['state']): Held | undefined {
    const all = this.#held.filter((held) => held.state === state);
    return all.length === 0 ? undefined : this.#choices.of(all);
  }

  #untouched(): Held | undefined {
    const all = this.#held.filter(({ state, nodes }) => state === 'open' && nodes.every(({ value }) => value === undefined));
    return all.length === 0 ? undefined : this.#choices.of(all);
  }

  #kind(): Kind {
    return this.#choices.of(['delivered', 'delivered', 'delivered', ...kinds] as const);
  }
}
