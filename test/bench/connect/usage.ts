import { readdirSync, readFileSync } from 'node:fs';

/** Of a process, from `/proc`. */
export interface Usage {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  readonly rssMb: number;
  /** Memory that no file backs: what the process alone costs. */
  readonly anonMb: number;
}

/** Linux counts in these whatever the kernel's own tick is. */
const TICKS_A_SECOND = 100;

export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { cpuSeconds: cpuSecondsOf(pid), rssMb: mb('VmRSS'), anonMb: mb('RssAnon') };
}

export const cpuSecondsOf = (pid: number): number => cpuSecondsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Of each of its threads, by number. */
export function threadSecondsOf(pid: number): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      seconds.set(thread, cpuSecondsIn(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
    } catch {
      // It ended meanwhile.
    }
  }
  return seconds;
}

function cpuSecondsIn(stat: string): number {
  // The name of the program stands in brackets, and may hold spaces.
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (user + system) / TICKS_A_SECOND;
}

/** What all processes of the machine have used. */
export function busySeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (/^cpu\s+(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softIrq) / TICKS_A_SECOND;
}
