import fc from 'fast-check';
import { type Page, hashOf, pageOf } from '../../api/control-panel/src/app/routes.ts';

const id = fc.string({ minLength: 1, unit: 'binary' });

describe('the address of a page', () => {
  it('leads back to the page, whatever the ids hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constant<Page>({ name: 'overview' }),
          fc.constant<Page>({ name: 'runs' }),
          id.map((sourceId): Page => ({ name: 'runs', sourceId })),
          id.map((runId): Page => ({ name: 'run', runId })),
        ),
        (page) => {
          if (page.name === 'unknown') return;
          expect(pageOf(hashOf(page))).toEqual(page);
        },
      ),
    );
  });

  it.each(['#/nowhere', '#/runs/a/b', '#/runs/', '#/runs/%E0%A4%A'])('%s is no page', (hash) => {
    expect(pageOf(hash)).toEqual({ name: 'unknown' });
  });

  it.each(['', '#', '#/'])('"%s" is the overview', (hash) => {
    expect(pageOf(hash)).toEqual({ name: 'overview' });
  });
});
