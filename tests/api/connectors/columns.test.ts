import { readdirSync } from 'node:fs';
import { account } from '../../../api/sandbox/src/dataverse/tables/account.ts';
import { contact } from '../../../api/sandbox/src/dataverse/tables/contact.ts';
import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';

const tables = { account, contact } as const;
const connectors = readdirSync('api/connectors', { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe('the connectors in the box fill only columns that every Dataverse has:', () => {
  it.each(connectors.map(({ name }) => name))('%s', async (id) => {
    const manifest = await loadManifest(`api/connectors/${id}/manifest.yaml`);
    for (const table of ['account', 'contact'] as const) {
      const known = new Set(tables[table].columns.map(({ logicalName }) => logicalName));
      const filled = (manifest.tables[table]?.map ?? []).flatMap(({ to }) => to);
      expect(filled.filter((column) => !known.has(column))).toEqual([]);
    }
  });
});
