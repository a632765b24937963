import { readFile } from 'node:fs/promises';
import { missingIdOf } from '../../../api/src/crm/conformance/missing-id.ts';
import { pageSizeOf, withPageSize } from '../../../api/src/crm/conformance/page-size.ts';
import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { createIdReader } from '../../../api/src/crm/reader/record-id.ts';
import { peopleManifest } from '../../api/crm/support/people-crm.ts';

const plain = createIdReader('id');
const salesforce = createIdReader({ path: 'Id', normalise: 'salesforce18' });

describe('an id that belongs to nothing', () => {
  it.each([
    ['a number', ['100001', '100002'], plain, '199999'],
    ['a number that is taken', ['100001', '199999'], plain, '188888'],
    ['a name', ['ALFKI'], plain, 'AZFZZ'],
    ['hexadecimal', ['f24d1b85e82c0a06a3d4b4ce478d38c3'], plain, 'f24d1b85e82c0a06a3d4b4ce479f99f9'],
    ['checked by its last signs', ['0015g0000000001AAA'], salesforce, '0015g0000999999AAA'],
  ])('is written like the others: %s', (_what, ids, readId, expected) => {
    expect(missingIdOf(ids, readId)).toBe(expected);
  });

  it('is none where there are no ids', () => {
    expect(missingIdOf([], plain)).toBeNull();
  });
});

describe('a manifest with smaller pages', () => {
  it('asks for them wherever it says how long pages are', async () => {
    const reading = readManifest(await readFile('api/connectors/northwind/manifest.yaml', 'utf8'));
    if (!('manifest' in reading)) throw new Error('the manifest is not valid');
    const { account, contact } = withPageSize(reading.manifest, 7).tables;
    for (const page of [account?.list?.page, account?.changes?.page, contact?.list?.page, contact?.changes?.page])
      expect(page).toMatchObject({ kind: 'page', size: 7 });
  });

  it('never asks for larger ones than before', () => {
    const page = { kind: 'page', param: 'page', sizeParam: 'size', size: 10 } as const;
    expect(withPageSize(peopleManifest({ page }), 50).tables.contact?.list?.page).toMatchObject({ size: 10 });
  });

  it('leaves alone what the CRM decides by itself', () => {
    const page = { kind: 'page', param: 'page', size: 10, end: { shortPage: true } } as const;
    expect(withPageSize(peopleManifest({ page }), 3).tables.contact?.list?.page).toBeUndefined();
    expect(pageSizeOf(page, { path: '/people' })).toBeNull();
    expect(pageSizeOf(page, { path: '/people', query: { limit: '{{page.size}}' } })).toBe(10);
  });
});
