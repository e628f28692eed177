/** Where tools show a key, as Connect places it: group, order in it, width and title. */
export const at = (group: string, order: number, width: 'short' | 'medium' | 'long', displayName: string) => ({
  group,
  order,
  width,
  displayName,
});

/** Connect's groups that several files have keys of. */
export const groups = { common: 'Common', errors: 'Error Handling' } as const;
