import { readAhead } from '../../../api/src/sync/read-ahead.ts';

async function* numbers(count: number, seen: number[]): AsyncGenerator<number> {
  for (let number = 1; number <= count; number += 1) {
    seen.push(number);
    yield number;
  }
}

describe('reading ahead', () => {
  it('gives every item once and in order, and is never more than one ahead', async () => {
    const fetched: number[] = [];
    const got: number[] = [];
    for await (const number of readAhead(numbers(5, fetched))) {
      got.push(number);
      expect(fetched.length).toBeLessThanOrEqual(got.length + 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(got).toEqual([1, 2, 3, 4, 5]);
  });

  it('throws the source’s error after the items before it', async () => {
    const failing = (async function* () {
      yield 1;
      throw new Error('the CRM went away');
    })();
    const got: number[] = [];
    await expect(
      (async () => {
        for await (const number of readAhead(failing)) got.push(number);
      })(),
    ).rejects.toThrow('the CRM went away');
    expect(got).toEqual([1]);
  });

  it('closes the source when the consumer stops early', async () => {
    let isClosed = false;
    const source = (async function* () {
      try {
        for (;;) yield 1;
      } finally {
        isClosed = true;
      }
    })();
    for await (const _first of readAhead(source)) break;
    expect(isClosed).toBe(true);
  });
});
