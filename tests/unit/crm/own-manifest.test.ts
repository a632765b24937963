import { readFile } from 'node:fs/promises';
import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';

const salesforce = 'api/connectors/salesforce/manifest.yaml';

/** What is wrong with the manifest of an admin who changed a line of ours. */
const problemsWith = async (line: string, changed: string): Promise<readonly string[]> => {
  const text = await readFile(salesforce, 'utf8');
  expect(text).toContain(line);
  const reading = readManifest(text.replace(line, changed));
  return 'errors' in reading ? reading.errors.map(({ path, problem }) => `${path}: ${problem}`) : [];
};

describe('an admin’s own manifest', () => {
  it('cannot explain to the admin what it does not refuse', async () => {
    const problems = await problemsWith('do: restart }', 'do: restart, say: never read }');
    expect(problems).toEqual([expect.stringMatching(/errors.*say: nobody would read it/)]);
  });

  it('may name a driver that is in the box', async () => {
    expect(await problemsWith('minRows: 2000', 'minRows: 1')).toEqual([]);
  });

  it.each(['salesforce-bulk-1', '../../driver.ts', 'https://elsewhere.example/driver.ts', 'toString'])(
    'cannot name the driver %s: it is told which there are',
    async (name) => {
      const problems = await problemsWith('driver: salesforce-bulk-2', `driver: ${name}`);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/bulk\.driver.*salesforce-bulk-2/);
    },
  );

  it('is told when the request for an export, its count or the fields names what is not known there', async () => {
    const counted = await problemsWith('q: "SELECT COUNT() FROM {{entity}}"', 'q: "SELECT COUNT() FROM {{id}}"');
    expect(counted.join()).toContain('bulk.count.query.q: {{id}} is not known here');
    const described = await problemsWith('/sobjects/{{entity}}/describe', '/sobjects/{{fields}}');
    expect(described.join()).toContain('describe.path: {{fields}} is not known here');
  });
});
