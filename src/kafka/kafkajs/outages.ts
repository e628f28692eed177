import type { ConnectionLog } from './cluster.ts';

/** An outage is over when nothing failed for so long. */
const overAfterMs = 60_000;

/** Brokers that could not be reached, and when that was noticed last: what many clients of a thread notice is one event. */
const noticed = new Map<string, number>();

/** A log that tells, once for each outage, of a broker whose connections fail after they were there; everything else stays at level debug. */
export function tellOutages(log: ConnectionLog, { seen = noticed, now = () => performance.now() } = {}): ConnectionLog {
  return (level, message, facts) => {
    const broker = String(facts['broker'] ?? '');
    if (!/^Connection (error|timeout)/.test(message) || broker === '') return log(level, message, facts);
    const before = seen.get(broker);
    seen.set(broker, now());
    if (before !== undefined && now() - before < overAfterMs) return log(level, message, facts);
    log('warn', `Broker ${broker} cannot be reached; it is tried again.`, { broker, reason: message });
  };
}
