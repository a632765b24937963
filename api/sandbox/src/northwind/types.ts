export type CollectionName = 'companies' | 'people';

/** What a webhook tells: a hint to come and look, never the record itself. */
export interface Change {
  readonly collection: CollectionName;
  readonly event: 'created' | 'updated' | 'deleted';
  readonly id: string;
}
