/** Waits, the earliest first: a binary heap, so that thousands of requests under way cost no more than their logarithm. */
export interface Deadline {
  readonly momentMs: number;
  readonly toleranceMs: number;
  readonly resolve: () => void;
}

export interface Deadlines {
  readonly earliest: Deadline | undefined;
  add(deadline: Deadline): void;
  takeEarliest(): Deadline | undefined;
}

export function createDeadlines(): Deadlines {
  const heap: Deadline[] = [];
  const momentAt = (index: number): number => heap[index]?.momentMs ?? Number.POSITIVE_INFINITY;

  function swap(one: number, other: number): void {
    const [first, second] = [heap[one], heap[other]];
    if (first === undefined || second === undefined) return;
    heap[one] = second;
    heap[other] = first;
  }

  function sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const smaller = momentAt(left + 1) < momentAt(left) ? left + 1 : left;
      if (momentAt(smaller) >= momentAt(index)) return;
      swap(index, smaller);
      index = smaller;
    }
  }

  return {
    get earliest() {
      return heap[0];
    },
    add(deadline) {
      let index = heap.push(deadline) - 1;
      while (index > 0) {
        const parent = (index - 1) >>> 1;
        if (momentAt(parent) <= deadline.momentMs) return;
        swap(index, parent);
        index = parent;
      }
    },
    takeEarliest() {
      swap(0, heap.length - 1);
      const taken = heap.pop();
      sink();
      return taken;
    },
  };
}
