import { join } from 'node:path';
import { median } from '../kafka/table.ts';
import { type Bench, type Drained, fileToTopic, idle, latencies, lifecycles, type Moved, topicToFile } from './measure.ts';
import { chainJob, type Lines, rowKey, type SourceJob, sinkJobs, sourceJobs, warmSinkJobs } from './rows.ts';
import { type Contender, type RunningWorker, startWorker } from './worker.ts';

export const parts = ['start', 'source', 'sink', 'chain', 'latency', 'lifecycle'];

export interface RoundOptions {
  readonly lines: Lines;
  /** Moved first, so that what is compiled while it runs is compiled. */
  readonly warm: Lines;
  readonly only: readonly string[];
}

const IDLE_SECONDS = 5;
const LATENCIES = 30;
const LIVES = 10;
const WARM_TURNS = 3;

/** One turn of one contender: a worker is started, measured and stopped. */
export class Round {
  readonly #bench: Bench;
  readonly #contender: Contender;
  readonly #options: RoundOptions;
  readonly #figures = new Map<string, number>();

  constructor(bench: Bench, contender: Contender, options: RoundOptions) {
    this.#bench = bench;
    this.#contender = contender;
    this.#options = options;
  }

  /** Figures by row. */
  async run(bootstrap: string): Promise<ReadonlyMap<string, number>> {
    const { folder } = this.#bench;
    const has = (part: string) => this.#options.only.includes(part) && (part === 'start' || !this.#contender.name.includes('service_load'));
    if (has('start')) await this.#cold(bootstrap);
    const worker = await startWorker(this.#contender, bootstrap, folder);
    if (has('start')) await this.#start(worker);
    if (has('lifecycle')) await this.#lifecycle(worker);
    if (has('source')) await this.#sources(worker);
    if (has('sink')) await this.#sinks(worker);
    if (has('chain')) await this.#chain(worker);
    if (has('latency')) this.#put('line → topic, p50', 'ms', median(await latencies(this.#bench, worker, this.#contender, LATENCIES)));
    const stopMs = await worker.stop();
    if (has('start')) this.#put('stop', 'ms', stopMs);
    return this.#figures;
  }

  /** Nothing is left of an earlier start: Sluice keeps what V8 compiles in the user's cache. */
  async #cold(bootstrap: string): Promise<void> {
    const { folder } = this.#bench;
    const empty = { XDG_CACHE_HOME: join(folder, `cache-${Date.now()}`) };
    const cold: Contender = {
      ...this.#contender,
      command: (file) => {
        const { env, ...command } = this.#contender.command(file);
        return { ...command, env: { ...env, ...empty } };
      },
    };
    const worker = await startWorker(cold, bootstrap, folder);
    this.#put('start, cold', 'ms', worker.readyMs);
    await worker.stop();
  }

  async #start(worker: RunningWorker): Promise<void> {
    this.#put('start, warm', 'ms', worker.readyMs);
    this.#put('start, warm', 'CPU s', worker.readyCpuSeconds);
    const { rssMb, anonMb, cpuPercent } = await idle(worker, IDLE_SECONDS);
    this.#put('idle', 'RSS, MB', rssMb);
    this.#put('idle', 'RssAnon, MB', anonMb);
    this.#put('idle', '% of a core', cpuPercent);
  }

  async #lifecycle(worker: RunningWorker): Promise<void> {
    const { running, removal } = await lifecycles(this.#bench, worker, this.#contender, this.#options.warm, LIVES);
    this.#put('POST → RUNNING', 'ms', median(running));
    this.#put('DELETE', 'ms', median(removal));
  }

  async #sources(worker: RunningWorker): Promise<void> {
    const { lines, warm } = this.#options;
    for (const job of sourceJobs) {
      await fileToTopic(this.#bench, worker, this.#contender, job, warm);
      this.#moved(job, await fileToTopic(this.#bench, worker, this.#contender, job, lines));
    }
  }

  async #sinks(worker: RunningWorker): Promise<void> {
    const { lines } = this.#options;
    // Not counted: for threads to be there and what is compiled while it runs to be compiled.
    for (const job of sinkJobs.slice(-1)) await topicToFile(this.#bench, worker, this.#contender, job, lines);
    for (const job of sinkJobs) this.#moved(job, await topicToFile(this.#bench, worker, this.#contender, job, lines));
    const warm: Drained[][] = warmSinkJobs.map(() => []);
    for (let turn = 0; turn < WARM_TURNS; turn++)
      for (const [i, job] of warmSinkJobs.entries()) warm[i]?.push(await topicToFile(this.#bench, worker, this.#contender, job, lines));
    for (const [i, job] of warmSinkJobs.entries()) this.#moved(job, medians(warm[i] ?? []));
    const [one, two] = warm.map((drained) => median(drained.map(({ alonePerSecond }) => alonePerSecond)));
    this.#put('sink, 1 → 2 tasks', 'times the records/s', (two ?? 0) / (one ?? 1));
  }

  async #chain(worker: RunningWorker): Promise<void> {
    const { lines } = this.#options;
    // The first is not counted, as with other sinks.
    for (let turn = 0; turn < 2; turn++) this.#moved(chainJob, await topicToFile(this.#bench, worker, this.#contender, chainJob, lines));
  }

  #moved({ row }: SourceJob, { cpuPerMillion, perSecond }: Moved): void {
    this.#put(row, 'CPU s per million', cpuPerMillion);
    this.#put(row, 'records/s', perSecond);
  }

  #put(title: string, unit: string, value: number): void {
    this.#figures.set(rowKey({ title, unit }), value);
  }
}

const medians = (all: readonly Moved[]): Moved => ({
  cpuPerMillion: median(all.map(({ cpuPerMillion }) => cpuPerMillion)),
  perSecond: median(all.map(({ perSecond }) => perSecond)),
});
