import { readFileSync } from 'node:fs';

export interface PeakMemory {
  /** Bytes of the whole process, at most until now. */
  readonly total: number;
  /** Of these, bytes that no file backs, as far as samples show; `undefined` where the system does not tell. */
  readonly anonymous: number | undefined;
}

const sampleMs = 100;

/** Watches the memory of this process until it is asked for the peak. */
export function watchMemory(): () => PeakMemory {
  let anonymous = anonymousNow();
  const timer = setInterval(() => {
    anonymous = Math.max(anonymous ?? 0, anonymousNow() ?? 0) || undefined;
  }, sampleMs).unref();
  return () => {
    clearInterval(timer);
    return { total: process.resourceUsage().maxRSS * 1024, anonymous };
  };
}

/** Linux only. */
function anonymousNow(): number | undefined {
  try {
    const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}
