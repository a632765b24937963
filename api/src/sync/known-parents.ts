/**
 * Parents that this sync has seen to have a row, with their keys. Children of one account come again and again; asking the store
 * once per parent instead of once per child saves a tenth of a first load on PostgreSQL.
 *
 * A parent that is deleted meanwhile makes the bind fail; the child then waits, and the parent is forgotten here too.
 */
export interface KnownParents {
  /** The key to bind; undefined when the parent has not been seen. */
  keyOf(recordId: string): string | undefined;
  learn(recordId: string, sourceKey: string): void;
  forget(recordIds: Iterable<string>): void;
}

/** About 3 MB. Beyond that it starts anew, which costs no more than asking again. */
const maxParents = 20_000;

export const createKnownParents = (): KnownParents => {
  const keys = new Map<string, string>();
  return {
    keyOf: (recordId) => keys.get(recordId),
    learn(recordId, sourceKey) {
      if (keys.size >= maxParents) keys.clear();
      keys.set(recordId, sourceKey);
    },
    forget(recordIds) {
      for (const recordId of recordIds) keys.delete(recordId);
    },
  };
};
