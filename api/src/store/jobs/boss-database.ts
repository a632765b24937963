import type { Db } from 'pg-boss';
import type { SqlDatabase } from '../database/types.ts';

/**
 * pg-boss on our connection, whichever driver it is: one pool, one place for time-outs and error codes. Its scripts (several
 * statements, no parameters) go through as they are. Without `listen` it polls; jobs.ts wakes the workers of its own process.
 */
export const toBossDatabase = (database: SqlDatabase): Db => ({
  async executeSql(text, values) {
    return { rows: [...(await database.query(text, values)).rows] };
  },
});
