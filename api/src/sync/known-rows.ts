/**
 * Rows that others point to and that this sync has seen to be there: where each is, by what the CRM calls it. Children of one account,
 * and amounts in one currency, come again and again; asking once for each instead of once per child saves a tenth of a first load.
 *
 * A row that is deleted meanwhile makes the bind fail; then it is forgotten here too.
 */
export interface KnownRows {
  /** What a bind needs: a source key or a GUID; undefined when the row has not been seen. */
  addressOf(name: string): string | undefined;
  learn(name: string, address: string): void;
  forget(names: Iterable<string>): void;
}

/** About 3 MB. Beyond that it starts anew, which costs no more than asking again. */
const maxRows = 20_000;

export const createKnownRows = (): KnownRows => {
  const addresses = new Map<string, string>();
  return {
    addressOf: (name) => addresses.get(name),
    learn(name, address) {
      if (addresses.size >= maxRows) addresses.clear();
      addresses.set(name, address);
    },
    forget(names) {
      for (const name of names) addresses.delete(name);
    },
  };
};
