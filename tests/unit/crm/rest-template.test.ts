import { readFile } from 'node:fs/promises';
import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';

describe('the manifest to begin with', () => {
  it('is valid, and has about 40 lines that are no comments', async () => {
    const text = await readFile('api/connectors/rest-template/manifest.yaml', 'utf8');
    expect(readManifest(text)).toHaveProperty('manifest');
    expect(text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')).length).toBeLessThanOrEqual(42);
  });
});
