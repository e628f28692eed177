import { DriverError, type GroupMember, type GroupOptions } from '../driver.ts';
import { atMost } from './at-most.ts';
import { closedError } from './closed-error.ts';
import type { Coordinator } from './coordinator.ts';
import { brokerError, throwCode } from './error-codes.ts';
import { groupCoordinator } from './group-coordinator.ts';
import { type Broker, byConnection } from './internals.ts';
import { JoinFailures } from './join-failures.ts';
import { ask, backoffMs, type Link } from './link.ts';
import type { MemberIdentity } from './requests/group-offsets.ts';
import { heartbeat, type Joined, joinGroup, leaveGroup, syncGroup } from './requests/membership.ts';
import { driverError, sendRequest } from './send-request.ts';

const MEMBER_ID_REQUIRED = 79;
const NOT_COORDINATOR = 16;
const UNKNOWN_MEMBER_ID = 25;
const REBALANCE_IN_PROGRESS = 27;
/** Members often come at the same time, and by a heartbeat this one hears of another: the first ones of a generation follow each other closely. */
const FIRST_BEAT_MS = 50;
/** What the answer to a join may take beyond the time that the other members have. */
const JOIN_SLACK_MS = 5_000;

type Why = 'rebalance' | 'lost';

/**
 * A member of a group of any protocol type: joins, beats in the background, and joins again when the group asks for it.
 *
 * Heartbeats go on while the callbacks run, which are waited for at most `rebalanceMs`. Before each new join `onRevoked` is called; `lost` when
 * the group has given the member up, or did not answer for `sessionMs`.
 */
export class KafkaGroupMember implements GroupMember {
  readonly #link: Link;
  readonly #options: GroupOptions;
  readonly #failures: JoinFailures;
  readonly #joined = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;
  #memberId = '';
  #generation = -1;
  /** It was assigned something that the group has not given up on since. */
  #belongs = false;
  #needed: Why | undefined;
  /** Settles with the next assignment, or when there will be none for the member that it was. */
  #next = Promise.withResolvers<void>();
  #wake = Promise.withResolvers<void>();
  #beatAt = performance.now();
  #pulse: NodeJS.Timeout | undefined;
  #session: NodeJS.Timeout | undefined;
  #left = false;

  /** @param link connections of its own: a join occupies one until all members have joined */
  constructor(link: Link, options: GroupOptions) {
    this.#link = link;
    this.#options = options;
    this.#failures = new JoinFailures(options.groupId, link.log);
    this.#joined.promise.catch(() => {});
    this.#ended = this.#live();
  }

  /** Resolves when it has become a member for the first time; rejects when it cannot. */
  get joined(): Promise<void> {
    return this.#joined.promise;
  }

  get generation(): number {
    return this.#generation;
  }

  get memberId(): string {
    return this.#memberId;
  }

  get identity(): MemberIdentity {
    const { groupId, instanceId = null } = this.#options;
    return { groupId, generation: this.#generation, memberId: this.#memberId, instanceId };
  }

  /** Resolves when it belongs to a later generation: `true`, or `false` when the group has given it up meanwhile. */
  async after(generation: number): Promise<boolean> {
    if (generation === this.#generation && this.#belongs && !this.#left) await this.#next.promise;
    return this.#generation > generation && this.#belongs && !this.#left;
  }

  lastHeartbeatAgeMs(): number {
    return performance.now() - this.#beatAt;
  }

  requestRejoin(_reason: string): void {
    this.#need('rebalance');
  }

  /** Leaves at once; a static member keeps its place until its session ends. */
  async leave(): Promise<void> {
    if (this.#left) return this.#ended;
    this.#left = true;
    this.#stopPulse();
    this.#wake.resolve();
    this.#turn();
    this.#joined.reject(closedError('group member'));
    await this.#tellLeft().catch(() => {});
    await this.#link.close();
    await this.#ended;
  }

  async #tellLeft(): Promise<void> {
    const { groupId, instanceId } = this.#options;
    if (this.#memberId === '' || instanceId !== undefined) return;
    // By the other connection: a join may wait on the first.
    const broker = async () => byConnection(await this.#coordinator.broker(), 1);
    const leave = () => ask(this.#link, broker, leaveGroup, { groupId, memberId: this.#memberId, instanceId: null });
    if ((await leave()).errorCode !== NOT_COORDINATOR) return;
    this.#coordinator.forget();
    await leave();
  }

  async #live(): Promise<void> {
    for (let attempt = 0; !this.#left; ) {
      try {
        await this.#belong();
        attempt = 0;
      } catch (error) {
        this.#stopPulse();
        this.#coordinator.forget();
        const failed = driverError(error, `Joining group ${this.#options.groupId}`);
        if (this.#left) return;
        const unreturned = isPassing(failed) && !this.#isForgotten(failed) ? undefined : await this.#isLost();
        const fatal = [failed, unreturned].find((each) => each !== undefined && !isPassing(each));
        if (fatal !== undefined) return this.#fail(fatal);
        if (failed.code === UNKNOWN_MEMBER_ID) this.#memberId = '';
        // All others wait for it.
        if (failed.code === REBALANCE_IN_PROGRESS) continue;
        this.#failures.failed(failed);
        await new Promise((resolve) => setTimeout(resolve, backoffMs(this.#link.settings, attempt++)));
      }
    }
  }

  /** The group goes on without it: it says so, or has not been heard of for a session. */
  #isForgotten({ code, kind }: DriverError): boolean {
    if (kind === 'rebalance') return code !== REBALANCE_IN_PROGRESS;
    return this.lastHeartbeatAgeMs() > this.#options.sessionMs;
  }

  /** Answers with what went wrong when it gave up what it had. */
  #isLost(): Promise<DriverError | undefined> {
    return this.#giveUp().then(
      () => undefined,
      (error: unknown) => driverError(error, `Giving up the share of group ${this.#options.groupId}`),
    );
  }

  /** Nothing is given up twice. */
  async #giveUp(): Promise<void> {
    if (!this.#belongs) return;
    this.#belongs = false;
    this.#turn();
    await atMost(this.#options.onRevoked('lost'), this.#options.rebalanceMs);
  }

  /** Ends the wait for the next generation. */
  #turn(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }

  /** One generation: from the join until the next is needed and everything is given back. No callback is waited for without end: a group does not. */
  async #belong(): Promise<void> {
    this.#needed = undefined;
    this.#wake = Promise.withResolvers<void>();
    const joined = await this.#join();
    const assignment = await this.#sync(joined);
    if (this.#left) return;
    this.#beat();
    this.#heard();
    const { generation, memberId, leaderId, protocol } = joined;
    this.#generation = generation;
    this.#belongs = true;
    this.#turn();
    const isLeader = leaderId === memberId;
    await atMost(this.#options.onAssigned({ generation, memberId, leaderId, isLeader, protocol, assignment }), this.#options.rebalanceMs);
    this.#joined.resolve();
    this.#failures.joined();
    if (this.#needed === undefined && !this.#left) await this.#wake.promise;
    if (this.#left) return;
    if (this.#needed === 'lost') await this.#giveUp();
    else await atMost(this.#options.onRevoked('rebalance'), this.#options.rebalanceMs);
    this.#stopPulse();
  }

  async #join(): Promise<Joined> {
    const { groupId, protocolType, sessionMs, rebalanceMs, instanceId = null } = this.#options;
    for (;;) {
      const broker = await this.#coordinator.broker();
      const request = {
        groupId,
        protocolType,
        sessionMs,
        rebalanceMs,
        instanceId,
        memberId: this.#memberId,
        protocols: this.#options.protocols(),
      };
      const joined = await sendRequest(broker, joinGroup, request, rebalanceMs + JOIN_SLACK_MS);
      if (joined === undefined) throw new DriverError('retriable', `Group ${groupId} did not answer a join.`);
      if (joined.errorCode === MEMBER_ID_REQUIRED) this.#memberId = joined.memberId;
      else {
        throwCode(joined.errorCode, `to join group ${groupId}`);
        this.#memberId = joined.memberId;
        this.#beatAt = performance.now();
        return joined;
      }
    }
  }

  async #sync({ generation, leaderId, memberId, members, protocol }: Joined): Promise<Uint8Array> {
    const { groupId, rebalanceMs } = this.#options;
    const described = members.map(({ instanceId, ...member }) => (instanceId === null ? member : { ...member, instanceId }));
    const assignments = leaderId === memberId ? await this.#options.assign(protocol, described) : new Map<string, Uint8Array>();
    const request = { ...this.identity, generation, assignments };
    const answer = await sendRequest(await this.#coordinator.broker(), syncGroup, request, rebalanceMs + JOIN_SLACK_MS);
    throwCode(answer?.errorCode ?? -1, `to tell the assignment of group ${groupId}`);
    return answer?.assignment ?? new Uint8Array();
  }

  get #coordinator(): Coordinator {
    return groupCoordinator(this.#link, this.#options.groupId);
  }

  #beat(afterMs = FIRST_BEAT_MS, broker?: Broker): void {
    const pulse = setTimeout(
      () => {
        this.#sendBeat(broker).then(
          (next) => {
            // Not so when it was answered only after the next join, which has begun another row of them.
            if (this.#pulse === pulse) this.#beat(2 * afterMs, next);
          },
          () => {},
        );
      },
      Math.min(afterMs, this.#options.heartbeatMs),
    );
    this.#pulse = pulse;
  }

  /** The coordinator to ask next; undefined: it is to be found anew. */
  async #sendBeat(known: Broker | undefined): Promise<Broker | undefined> {
    const { generation } = this;
    try {
      const broker = known ?? (await this.#coordinator.broker());
      const answer = await sendRequest(
        broker,
        heartbeat,
        this.identity,
        Math.min(this.#options.sessionMs, this.#link.settings.requestTimeoutMs),
      );
      if (generation !== this.#generation) return broker;
      const refused = brokerError(answer?.errorCode ?? -1, `a heartbeat of group ${this.#options.groupId}`);
      // A group that rebalances has heard the member.
      if (refused === undefined || refused.code === REBALANCE_IN_PROGRESS) this.#heard();
      if (refused === undefined) return broker;
      if (refused.kind === 'rebalance') {
        if (refused.code === UNKNOWN_MEMBER_ID) this.#memberId = '';
        this.#need(refused.code === REBALANCE_IN_PROGRESS ? 'rebalance' : 'lost');
        return broker;
      }
      if (!refused.retriable) this.#need('lost');
    } catch {
      // No answer: the coordinator is looked for again, until the session is over.
    }
    this.#coordinator.forget();
    return undefined;
  }

  /** The group knows the member. Without a sign of that for a session it has given it up, whatever a question that is open would answer. */
  #heard(): void {
    this.#beatAt = performance.now();
    clearTimeout(this.#session);
    if (this.#pulse === undefined) return;
    this.#session = setTimeout(() => this.#need('lost'), this.#options.sessionMs);
  }

  #need(why: Why): void {
    if (this.#needed !== 'lost') this.#needed = why;
    this.#wake.resolve();
  }

  #stopPulse(): void {
    clearTimeout(this.#pulse);
    this.#pulse = undefined;
    clearTimeout(this.#session);
  }

  #fail(error: DriverError): void {
    this.#joined.reject(error);
    this.#options.onFailed?.(error);
  }
}

const isPassing = ({ retriable, kind }: DriverError): boolean => retriable || kind === 'rebalance';
