import { readManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { resolveSettings } from '../../../api/src/crm/settings.ts';

const reading = readManifest(`
manifest: crm-sync/v1
id: acme
name: Acme
version: 1.0.0
connection:
  settings:
    address: { type: url, title: Address, pattern: 'https://[a-z]+\\.acme\\.example' }
  baseUrl: "{{settings.address}}"
auth: { kind: none }
records: $
page: { kind: none }
tables:
  account:
    id: id
    get: { path: "/{{id}}" }
    list: { path: /all }
    map: [{ to: name, from: name }]
`);

const resolve = (address: string, allowPrivateNetwork?: boolean) => {
  if (!('manifest' in reading)) throw new Error(JSON.stringify(reading.errors));
  return resolveSettings(reading.manifest, {
    id: 'acme',
    settings: { address },
    ...(allowPrivateNetwork === undefined ? {} : { allowPrivateNetwork }),
  });
};

describe('the pattern of an address', () => {
  it('must match', () => {
    expect(resolve('https://one.acme.example')).toEqual({ address: 'https://one.acme.example' });
    expect(() => resolve('https://one.other.example')).toThrow(expect.objectContaining({ code: 'source.settings_invalid' }));
    expect(() => resolve('https://one.other.example', true)).toThrow(expect.objectContaining({ code: 'source.settings_invalid' }));
  });

  it.each(['http://127.0.0.1:4540', 'http://localhost:4540', 'https://10.1.2.3', 'http://[::1]:8080'])(
    'does not keep out %s, a stand-in inside our own network, once the admin allows that',
    (address) => {
      expect(resolve(address, true)).toEqual({ address });
      expect(() => resolve(address)).toThrow(expect.objectContaining({ code: 'source.settings_invalid' }));
    },
  );
});
