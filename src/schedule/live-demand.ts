import type { Demand } from '../sdk/source.ts';

/**
 * The room there is while the run is open, and none while it is not: one object whose numbers are always of now, so that no subscriber acts on
 * a level that another has used up.
 */
export const liveDemand = (isOpen: () => boolean, room: () => Demand): Demand => ({
  get records() {
    return isOpen() ? room().records : 0;
  },
  room: (partition) => (isOpen() ? room().room(partition) : 0),
});
