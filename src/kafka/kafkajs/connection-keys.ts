import { connectionTable, ignoredTable, refusedTable, saslTable, tlsTable } from './settings-table.ts';

const tables = [connectionTable, tlsTable, saslTable, ignoredTable, refusedTable];

/** Whether a property says how to reach a cluster, whatever the client is for. */
export const isConnectionKey = (name: string): boolean => tables.some((table) => Object.hasOwn(table, name));
