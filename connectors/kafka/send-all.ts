import type { Appended, DriverError, OutBatch, Producer } from 'sluice/kafka';

/** What became of one batch that was sent. */
export interface Answer {
  /** Position of the batch in what was sent. */
  readonly group: number;
  /** Of the batch, or of the parts that a refused one was cut into. */
  readonly appended: readonly Appended[];
  /** Records that were refused, by their position in the batch. */
  readonly refused: ReadonlyMap<number, DriverError>;
}

/** Sends batches together. A batch that is refused as too large is cut in halves until the records that are too large stand alone. */
export async function sendAll(producer: Producer, batches: readonly OutBatch[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const [group, appended] of (await producer.send(batches)).entries()) {
    const batch = batches[group];
    if (batch === undefined) break;
    if (appended.error?.kind === 'too-large' && batch.records.length > 1) answers.push({ group, ...(await sendHalves(producer, batch)) });
    else answers.push({ group, ...answerOf(batch, appended, 0) });
  }
  return answers;
}

type Parts = Omit<Answer, 'group'>;

const answerOf = (batch: OutBatch, appended: Appended, from: number): Parts => {
  const { error } = appended;
  if (error === undefined) return { appended: [appended], refused: new Map() };
  return { appended: [], refused: new Map(batch.records.map((_, index) => [from + index, error])) };
};

/** One part after the other, so that the records keep their order. */
async function sendHalves(producer: Producer, batch: OutBatch): Promise<Parts> {
  const appended: Appended[] = [];
  const refused = new Map<number, DriverError>();
  const waiting = halves(0, batch.records.length);
  for (let range = waiting.shift(); range !== undefined; range = waiting.shift()) {
    const part: OutBatch = { topic: batch.topic, partition: batch.partition, records: batch.records.slice(range.from, range.to) };
    const [answer] = await producer.send([part]);
    if (answer === undefined) break;
    if (answer.error?.kind === 'too-large' && part.records.length > 1) {
      waiting.unshift(...halves(range.from, range.to));
      continue;
    }
    const parts = answerOf(part, answer, range.from);
    appended.push(...parts.appended);
    for (const [index, error] of parts.refused) refused.set(index, error);
  }
  return { appended, refused };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const halves = (from: number, to: number): Range[] => {
  const middle = from + Math.ceil((to - from) / 2);
  return [
    { from, to: middle },
    { from: middle, to },
  ];
};
