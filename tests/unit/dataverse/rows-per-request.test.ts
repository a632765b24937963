import { RowsPerRequest } from '../../../api/src/dataverse/write/rows-per-request.ts';

describe('the number of rows in a request', () => {
  it('spreads a page over the free lanes, but never so thin that requests cost more than rows', () => {
    const size = new RowsPerRequest(1000);
    expect(size.sizeFor(5000, 4)).toBe(500);
    expect(size.sizeFor(1000, 4)).toBe(250);
    expect(size.sizeFor(1000, 50)).toBe(100);
    expect(size.sizeFor(1, 4)).toBe(100);
  });

  it('goes in requests of half the most while every lane is busy, and says how many rows keep the lanes so', () => {
    const size = new RowsPerRequest(500);
    expect(size.sizeFor(2000, 0)).toBe(250);
    expect(size.rowsFor(16)).toBe(4000);
    for (let requests = 0; requests < 40; requests += 1) size.landed(100, 5);
    expect(size.rowsFor(16)).toBe(0);
  });

  it('does not split what a quick service takes at once, and splits again when it gets slow', () => {
    const size = new RowsPerRequest(500);
    for (let requests = 0; requests < 40; requests += 1) size.landed(100, 5);
    expect(size.sizeFor(500, 8)).toBe(500);
    for (let requests = 0; requests < 40; requests += 1) size.landed(100, 1_000);
    expect(size.sizeFor(500, 8)).toBe(100);
  });

  it('never exceeds what was configured', () => {
    expect(new RowsPerRequest(10).sizeFor(1000, 2)).toBe(10);
    expect(new RowsPerRequest(0).sizeFor(1000, 2)).toBe(1);
  });

  it('shrinks at a time-out and grows back while requests land', () => {
    const size = new RowsPerRequest(500);
    size.timedOut(500);
    expect(size.sizeFor(5000, 1)).toBe(250);
    size.timedOut(250);
    expect(size.sizeFor(5000, 1)).toBe(125);
    size.landed(20, 200);
    expect(size.sizeFor(5000, 1)).toBe(125);
    for (let requests = 0; requests < 40; requests += 1) {
      const rows = size.sizeFor(5000, 1);
      size.landed(rows, rows * 10);
    }
    expect(size.sizeFor(5000, 1)).toBe(250);
  });

  it('never shrinks to nothing', () => {
    const size = new RowsPerRequest(500);
    for (let rows = 500; rows >= 1; rows -= 1) size.timedOut(rows);
    expect(size.sizeFor(5000, 1)).toBe(10);
  });
});
