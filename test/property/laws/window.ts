import { deepStrictEqual as same } from 'node:assert/strict';
import { assertOver, type Choices } from './choices.ts';
import type { Core, Law } from './core.ts';

/**
 * I4: unreleased records and bytes stay within the window, and each partition within its span, plus one emission of each partition that
 * exceeds its room. A partition below its share has room. Checked against sums made anew after every step.
 */
export const windowLaw: Law = (core, options = {}) => {
  assertOver((choices) => new Emitters(core, choices, 0).run(), { runs: 200, ...options });
  assertOver((choices) => new Emitters(core, choices, 7).run(), { runs: 200, ...options });
};

interface Emitter {
  readonly lane: InstanceType<Core['Lane']>;
  assigned: boolean;
  /** As offered: falls at once, rises when the trampoline turns. */
  records: number;
  bytes: number;
  behind: number;
  /** In flight now. */
  held: number;
  heldBytes: number;
  open: number;
}

const limits = { records: 40, bytes: 400, span: 30 };

class Emitters {
  readonly #choices: Choices;
  readonly #excess: number;
  readonly #window;
  readonly #emitters: readonly Emitter[];
  #soon: (() => void)[] = [];
  #stable = true;

  constructor(core: Core, choices: Choices, excess: number) {
    this.#choices = choices;
    this.#excess = excess;
    this.#window = new core.Window(limits, { changed: () => {}, later: (work) => this.#soon.push(work) });
    this.#emitters = Array.from({ length: 1 + choices.below(4) }, () => ({
      lane: new core.Lane(),
      assigned: true,
      records: 0,
      bytes: 0,
      behind: 0,
      held: 0,
      heldBytes: 0,
      open: 0,
    }));
    this.#window.join(this.#emitters.map(({ lane }) => lane));
  }

  run(): void {
    const emit = () => this.#emit();
    const steps = [
      emit,
      emit,
      emit,
      () => this.#free(),
      () => this.#free(),
      () => this.#pass(),
      () => this.#turn(),
      () => this.#reassign(),
    ];
    while (this.#choices.left) {
      this.#choices.of(steps)();
      this.#check();
    }
  }

  #emit(): void {
    const emitter = this.#choices.of(this.#emitters);
    const room = this.#window.room(emitter.lane);
    if (room === 0 || !emitter.assigned) return;
    const records = Math.min(1 + this.#choices.below(12), room + this.#excess);
    const bytes = this.#choices.below(60);
    this.#window.take(emitter.lane, records, bytes);
    emitter.records += records;
    emitter.bytes += bytes;
    emitter.behind += records;
    emitter.held += records;
    emitter.heldBytes += bytes;
    emitter.open += records;
  }

  #free(): void {
    const emitter = this.#choices.of(this.#emitters);
    const records = this.#choices.below(emitter.held + 1);
    const bytes = this.#choices.below(emitter.heldBytes + 1);
    this.#window.free(emitter.lane, records, bytes);
    emitter.held -= records;
    emitter.heldBytes -= bytes;
  }

  #pass(): void {
    const emitter = this.#choices.of(this.#emitters);
    const records = this.#choices.below(emitter.open + 1);
    this.#window.pass(emitter.lane, records);
    emitter.open -= records;
  }

  #turn(): void {
    for (const work of this.#soon.splice(0)) work();
    for (const emitter of this.#emitters) {
      emitter.records = emitter.held;
      emitter.bytes = emitter.heldBytes;
      emitter.behind = emitter.open;
    }
  }

  #reassign(): void {
    const emitter = this.#choices.of(this.#emitters);
    this.#stable = false; // a newcomer has its share even when the window is full
    emitter.assigned = !emitter.assigned;
    if (emitter.assigned) this.#window.join([emitter.lane]);
    else this.#window.leave([emitter.lane]);
  }

  #check(): void {
    const assigned = this.#emitters.filter((emitter) => emitter.assigned);
    const share = assigned.length === 0 ? 0 : Math.floor(limits.records / (2 * assigned.length));
    const byteShare = Math.floor((share * limits.bytes) / limits.records);
    const sum = (of: (emitter: Emitter) => number) => this.#emitters.reduce((total, emitter) => total + of(emitter), 0);
    const spoken = sum((e) => Math.max(e.records, e.assigned ? share : 0));
    const spokenBytes = sum((e) => Math.max(e.bytes, e.assigned ? byteShare : 0));
    const roomOf = (e: Emitter) => {
      if (e.bytes >= byteShare && spokenBytes >= limits.bytes) return 0;
      const room = Math.max(0, share - e.records) + Math.max(0, limits.records - spoken);
      return Math.max(0, Math.min(room, limits.span - e.behind));
    };
    same(
      assigned.map(({ lane }) => this.#window.room(lane)),
      assigned.map(roomOf),
      'room',
    );
    const rooms = assigned.map(roomOf);
    const total = this.#window.records;
    if (total === 0)
      same(
        rooms.every((room) => room === 0),
        true,
        'room of a partition without room of the window',
      );
    if (assigned.length === 1) same(total, rooms[0], 'room of the only partition');
    if (assigned.length > 1 && rooms.every((room) => room > 0)) same(total > 0, true);
    same([this.#window.held, this.#window.heldBytes], [sum((e) => e.held), sum((e) => e.heldBytes)], 'held');
    if (!this.#stable) return;
    const excess = this.#excess * this.#emitters.length;
    same(sum((e) => e.held) <= limits.records + excess, true, 'records in flight');
    same(sum((e) => e.heldBytes) <= limits.bytes + 60 * this.#emitters.length, true, 'bytes in flight');
    for (const { open } of this.#emitters) same(open <= limits.span + this.#excess, true, 'span');
  }
}
