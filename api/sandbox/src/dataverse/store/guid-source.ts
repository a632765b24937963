/** New primary keys. Sequential like SQL Server's, so that the default order of a table is the order of creation. */
import { randomBytes } from 'node:crypto';

export type GuidSource = () => string;

export function createGuidSource(): GuidSource {
  let count = 0;
  // Random once for each environment and not for each row: a bulk load makes a hundred thousand.
  const noise = randomBytes(8).toString('hex');
  return () => {
    count += 1;
    return `${count.toString(16).padStart(8, '0')}-${noise.slice(0, 4)}-f111-8${noise.slice(4, 7)}-000d3a${noise.slice(7, 13)}`;
  };
}
