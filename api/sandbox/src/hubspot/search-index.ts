import { ObjectStore } from './object-store.ts';
import type { CrmObject } from './types.ts';

/**
 * What search knows: the records as they were a while ago.
 * "It may take a few moments for newly created or updated CRM objects to appear in search results."
 * https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm#limitations
 */
export class SearchIndex {
  readonly #known = new ObjectStore();
  readonly #now: () => Date;
  #waiting: { readonly atMs: number; readonly apply: (known: ObjectStore) => void }[] = [];

  constructor({ now, objects }: { readonly now: () => Date; readonly objects: readonly CrmObject[] }) {
    this.#now = now;
    this.#known.load(objects);
  }

  change(apply: (known: ObjectStore) => void): void {
    this.#waiting.push({ atMs: this.#now().getTime(), apply });
  }

  /** The records as search sees them now, by id. */
  seen(lagMs: number): ObjectStore {
    const untilMs = this.#now().getTime() - lagMs;
    const stillWaiting = this.#waiting.findIndex(({ atMs }) => atMs > untilMs);
    const due = stillWaiting < 0 ? this.#waiting : this.#waiting.slice(0, stillWaiting);
    for (const { apply } of due) apply(this.#known);
    this.#waiting = this.#waiting.slice(due.length);
    return this.#known;
  }
}
