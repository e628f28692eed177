/** Does one job with one client and prints its figures: what `measureNode` starts. Arguments: name of the client, the job in JSON. */
import type { Figures, Job } from './job.ts';

interface Client {
  produce(job: Job): Promise<void>;
  consume(job: Job): Promise<void>;
}

const clients: Readonly<Record<string, () => Promise<Client>>> = {
  ours: () => import('./ours.ts'),
  kafkajs: () => import('./kafkajs.ts'),
  platformatic: () => import('./platformatic.ts'),
};

const [name = '', text = ''] = process.argv.slice(2);
const job = JSON.parse(text) as Job;
const client = await clients[name]?.();
if (client === undefined) throw new Error(`There is no client ${name}.`);
const [start, cpu] = [performance.now(), process.cpuUsage()];
await client[job.task](job);
const { user, system } = process.cpuUsage(cpu);
const figures: Figures = {
  seconds: (performance.now() - start) / 1_000,
  cpuSeconds: (user + system) / 1e6,
  rssBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(figures));
