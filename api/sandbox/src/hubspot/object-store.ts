import { SortedIndex } from '../crm-kit/sorted-index.ts';
import { byNumber } from '../crm-kit/id-order.ts';
import type { CrmObject } from './types.ts';

const byId = (a: CrmObject, b: CrmObject): number => byNumber(a.id, b.id);

/** The records of one object type, by id, live and archived apart. */
export class ObjectStore {
  readonly #objects = new Map<string, CrmObject>();
  readonly #live = new SortedIndex(byId);
  readonly #archived = new SortedIndex(byId);
  /** Loser → winner of a merge. */
  readonly #mergedInto = new Map<string, string>();

  load(objects: readonly CrmObject[]): void {
    for (const object of objects) this.#objects.set(object.id, object);
    this.#live.load(objects.filter(({ archivedAt }) => archivedAt === null));
    this.#archived.load(objects.filter(({ archivedAt }) => archivedAt !== null));
  }

  /** By its id or by that of a record that was merged into it; archived ones only when they are asked for, live ones else. */
  get(id: string, { archived = false }: { readonly archived?: boolean } = {}): CrmObject | undefined {
    const object = this.#objects.get(this.#survivorOf(id));
    return object && (object.archivedAt !== null) === archived ? object : undefined;
  }

  put(object: CrmObject): void {
    const before = this.#objects.get(object.id);
    this.#objects.set(object.id, object);
    if (before && this.#indexOf(before) === this.#indexOf(object) && this.#indexOf(object).replace(before, object)) return;
    if (before) this.#indexOf(before).remove(before);
    this.#indexOf(object).add(object);
  }

  /** Leaves nothing. */
  remove(id: string): void {
    const before = this.#objects.get(id);
    if (before) this.#indexOf(before).remove(before);
    this.#objects.delete(id);
  }

  /** From now on the id is another's. */
  redirect(id: string, survivorId: string): void {
    this.remove(id);
    this.#mergedInto.set(id, survivorId);
  }

  /** Up to `limit` records behind that id, in the order of their numbers. */
  after(id: string | undefined, { limit, archived }: { readonly limit: number; readonly archived: boolean }): readonly CrmObject[] {
    const index = archived ? this.#archived : this.#live;
    const start = id === undefined ? 0 : index.firstWhere((object) => byNumber(object.id, id) > 0);
    return index.slice(start, start + limit);
  }

  get live(): Iterable<CrmObject> {
    return this.#live;
  }

  get liveCount(): number {
    return this.#live.size;
  }

  #survivorOf(id: string): string {
    let survivorId = id;
    for (let next = this.#mergedInto.get(id); next !== undefined; next = this.#mergedInto.get(next)) survivorId = next;
    return survivorId;
  }

  #indexOf(object: CrmObject): SortedIndex<CrmObject> {
    return object.archivedAt === null ? this.#live : this.#archived;
  }
}
