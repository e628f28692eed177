/** Offsets of a time zone, in milliseconds to add to UTC. */
export interface Zone {
  readonly id: string;
  /** At an instant. */
  offsetAt(instant: number): number;
  /** Without daylight saving, at an instant. */
  standardOffsetAt(instant: number): number;
}

export const utc: Zone = Object.freeze({ id: 'UTC', offsetAt: () => 0, standardOffsetAt: () => 0 });

const zones = new Map<string, Zone>([
  ['UTC', utc],
  ['GMT', Object.freeze({ ...utc, id: 'GMT' })],
]);

/** The zone of an id that `Intl` knows. */
export function zoneOf(id: string): Zone {
  const known = zones.get(id);
  if (known !== undefined) return known;
  const zone = intlZone(id);
  zones.set(id, zone);
  return zone;
}

/** The offset that a wall-clock time has: standard time where it is ambiguous or does not exist, as Java reads it. */
export function offsetOfWall(zone: Zone, wall: number): number {
  const standard = zone.standardOffsetAt(wall);
  const atStandard = zone.offsetAt(wall - standard);
  if (atStandard === standard) return standard;
  // Daylight saving at that instant; unless the same wall time also exists an hour later in standard time.
  return zone.offsetAt(wall - atStandard) === atStandard ? atStandard : standard;
}

/** The nearest instant whose whole year is within a Date's range: no zone changes beyond. */
const within = (instant: number): number => Math.min(8.6e15, Math.max(-8.6e15, instant));

function intlZone(id: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: id,
    calendar: 'gregory',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (instant: number): number => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(within(instant))) part[type] = value;
    const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
    const wall = new Date(0);
    wall.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
    wall.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
    return wall.getTime() - Math.floor(within(instant) / 1000) * 1000;
  };
  return {
    id,
    offsetAt,
    standardOffsetAt: (instant) => {
      const year = new Date(within(instant)).getUTCFullYear();
      return Math.min(offsetAt(Date.UTC(year, 0, 1)), offsetAt(Date.UTC(year, 6, 1)));
    },
  };
}
