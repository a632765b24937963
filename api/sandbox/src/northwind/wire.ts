import type { Keepable } from '../crm-data/types.ts';
import type { Change, CollectionName } from './types.ts';

/** People's ids are JSON numbers written from their digits: JSON.stringify of a number would round those beyond 2^53. */
const idJson = (collection: CollectionName, id: string): string => (collection === 'people' ? id : JSON.stringify(id));

export const recordJson = (collection: CollectionName, { id, ...fields }: Keepable): string =>
  `{"id":${idJson(collection, id)},${JSON.stringify(fields).slice(1)}`;

export const recordsJson = (collection: CollectionName, records: readonly Keepable[]): string =>
  `[${records.map((record) => recordJson(collection, record)).join(',')}]`;

export const changeJson = ({ collection, event, id }: Change): string =>
  `{"table":"${collection}","event":"${event}","id":${idJson(collection, id)}}`;
