import { EMPTY } from 'rxjs';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { Outlet } from '../../src/schedule/outlet.ts';
import { marbles } from '../../src/testing/marbles.ts';

test(
  'names the sink on what it gives, and counts batches',
  marbles(({ acks }) => {
    const run = acks();
    const nodes: string[] = [];
    const outlet = new Outlet('file', { next: ({ ack }) => nodes.push(ack.node) }, run.flow);
    let arrived = 0;
    outlet.arrivals.subscribe(() => arrived++);
    outlet.next(run.batch(['a']));
    expect(nodes).toEqual(['file']);
    expect([outlet.given, arrived]).toEqual([1, 1]);
  }),
);

test(
  'what the sink throws fails the task and returns what it had not settled; what it settles afterwards is ignored',
  marbles(({ acks }) => {
    const run = acks();
    let kept: Batch<unknown>['ack'] | undefined;
    const sink = {
      next: ({ ack }: Batch<unknown>) => {
        kept = ack;
        ack.settleAt(0, delivered);
        throw new Error('full');
      },
    };
    new Outlet('file', sink, run.flow).next(run.batch(['a', 'b']));
    kept?.settle(delivered);
    expect(run.log).toEqual(['0 a:delivered', '0 b:returned']);
    expect(run.failures).toEqual([new Error('full')]);
  }),
);

test(
  'a sink without flush or close has nothing to wait for; a throw of either is an error; close is called once',
  marbles(({ acks, expectObservable, flush }) => {
    const { flow } = acks();
    const plain = new Outlet('plain', { next: () => undefined }, flow);
    expectObservable(plain.flush('stop')).toBe('|');
    expectObservable(plain.close()).toBe('|');
    let closes = 0;
    const sink = {
      next: () => undefined,
      flush: () => {
        throw 'broken';
      },
      close: () => {
        closes++;
        return EMPTY;
      },
    };
    const outlet = new Outlet('broken', sink, flow);
    expectObservable(outlet.flush('stop')).toBe('#', undefined, 'broken');
    expectObservable(outlet.close()).toBe('|');
    expectObservable(outlet.close()).toBe('|');
    flush();
    expect(closes).toBe(1);
  }),
);
