import { concatMap, defer, ignoreElements, isObservable, Observable, type ObservableInput, of, type Subscriber } from 'rxjs';
import type { OutRecord } from '../kafka/driver.ts';
import type { Policy } from '../record/ack.ts';
import { deadLetterOf, type Sender } from './dead-letter.ts';

/** Writes dead letters; completes when all of them are durable. */
export type SendLetters = (letters: readonly OutRecord[]) => ObservableInput<unknown>;

interface Waiting {
  readonly letter: OutRecord;
  readonly written: Subscriber<true>;
}

/** Letters that wait while others are written are written together, up to this. */
const maxLetters = 1_000;

/** Dead letters on their way to their topic, in the order in which their records failed. */
export class DeadLetters {
  readonly #send: SendLetters;
  readonly #sender: Sender;
  readonly #contextHeaders: boolean;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(send: SendLetters, sender: Sender, contextHeaders: boolean) {
    this.#send = send;
    this.#sender = sender;
    this.#contextHeaders = contextHeaders;
  }

  /**
   * Asks `policy` about a failed record once its dead letter is durable: only then does the record settle, so that none is lost between.
   * A letter that cannot be written fails the task.
   */
  before(policy: Policy): Policy {
    return (record, failure) => {
      // At once: the bytes of the record are its batch's, and gone with it.
      const letter = deadLetterOf(record, failure, this.#sender, this.#contextHeaders);
      return this.#written(letter).pipe(
        concatMap(() => {
          const answer = policy(record, failure);
          return isObservable(answer) ? answer : of(answer);
        }),
      );
    };
  }

  #written(letter: OutRecord): Observable<true> {
    return new Observable((written) => {
      this.#waiting.push({ letter, written });
      this.#next();
    });
  }

  #next(): void {
    if (this.#writing || this.#waiting.length === 0) return;
    this.#writing = true;
    const taken = this.#waiting.splice(0, maxLetters);
    const ended = (tell: (each: Subscriber<true>) => void) => {
      for (const { written } of taken) tell(written);
      this.#writing = false;
      this.#next();
    };
    defer(() => this.#send(taken.map(({ letter }) => letter)))
      .pipe(ignoreElements())
      .subscribe({
        complete: () =>
          ended((written) => {
            written.next(true);
            written.complete();
          }),
        error: (error) => ended((written) => written.error(error)),
      });
  }
}
