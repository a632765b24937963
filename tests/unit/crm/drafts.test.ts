import { readFile } from 'node:fs/promises';
import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import { createMemoryCredentials } from '../../api/crm/support/memory-credentials.ts';

const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  servicenow: { host: 'dev1.service-now.com', clientId: 'c', clientSecret: 's' },
  hubspot: { portalId: '1', signIn: 'oauth', clientId: 'c', clientSecret: 's', refreshToken: 'r' },
  zendesk: { host: 'acme.zendesk.com', signIn: 'token', email: 'me@example.com', apiToken: 't' },
};

/** Not the connectors: only the proof that nothing of what these three need is missing from the language. */
describe('the language has words for', () => {
  it.each(Object.keys(settings))('%s', async (id) => {
    const reading = readManifest(await readFile(`tests/unit/crm/drafts/${id}.yaml`, 'utf8'));
    expect('errors' in reading ? reading.errors : []).toEqual([]);
    if (!('manifest' in reading)) return;
    const source = { id, settings: settings[id] ?? {} };
    const connector = openConnector({
      manifest: reading.manifest,
      source,
      clock: { nowMs: () => 0 },
      credentials: createMemoryCredentials(),
    });
    expect(connector.tables).toEqual(['account', 'contact']);
  });
});

describe('the manifest to begin with', () => {
  it('is valid, and has about 40 lines that are no comments', async () => {
    const text = await readFile('api/connectors/rest-template/manifest.yaml', 'utf8');
    expect(readManifest(text)).toHaveProperty('manifest');
    expect(text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')).length).toBeLessThanOrEqual(42);
  });
});
