import { fillTemplate } from '../../../../../api/src/crm/webhook/install/fill-template.ts';

const nasty = `a'b"c\\d&e<f>]]>\n{{address}}`;
const scope = (address: string) => ({
  values: { address, source: 'crm' },
  lists: { subscription: [{ event: 'contact.creation' }, { event: `it's "new"` }] },
});
const files: Readonly<Record<string, string>> = {
  'parts/one.js': '{{include parts/two.js}}',
  'parts/two.js': '{{include parts/one.js}}',
  'parts/inner.js': "var address = '{{address}}';",
  'parts/bad.js': '{{nothing}}',
};
const read = async (path: string): Promise<string> => files[path] ?? '';
const fill = (path: string, text: string, address = nasty): Promise<string> => fillTemplate(path, text, scope(address), read);

describe('a file of a connector’s folder', () => {
  it('holds whatever the address is as one value, in JSON, JavaScript and XML', async () => {
    expect(JSON.parse(await fill('a.json', '{"to":"{{address}}"}'))).toEqual({ to: nasty });
    for (const quote of [`'`, `"`]) {
      const filled = await fill('a.mjs', `${quote}{{address}}${quote}`);
      expect(filled.split('\n')).toHaveLength(1);
      // A literal and nothing else: what JSON writes, with an escape more for the other quote.
      expect(JSON.parse(`"${filled.slice(1, -1).replaceAll("\\'", "'")}"`)).toBe(nasty);
      expect(filled.slice(1, -1)).not.toMatch(/(^|[^\\])(\\\\)*['"]/);
    }
    const xml = await fill('a.xml', '<to>{{address}}</to>');
    expect(xml).toContain('a&apos;b&quot;c\\d&amp;e&lt;f&gt;');
    // Neither can it end the CDATA that it may stand in.
    expect(xml).not.toContain(']]>');
  });

  it('holds it in Apex, C# and Python as in JavaScript, and in a shell between single quotes', async () => {
    const script = await fill('a.mjs', `'{{address}}'`);
    for (const path of ['a.cls', 'a.trigger', 'a.apex', 'a.cs', 'a.py']) expect(await fill(path, `'{{address}}'`)).toBe(script);
    expect(await fill('a.sh', `curl '{{address}}'`, `o'clock $(rm)`)).toBe(String.raw`curl 'o'\''clock $(rm)'`);
  });

  it('takes in another file, filled by its own kind first', async () => {
    expect(await fill('a.xml', '<script>{{include parts/inner.js}}</script>', `o'clock`)).toBe(
      String.raw`<script>var address = &apos;o\&apos;clock&apos;;</script>`,
    );
  });

  it('repeats a section for each of a list, in JSON with commas between', async () => {
    const text = '[{{#each subscription}}"{{item.event}}"{{/each}}]';
    expect(JSON.parse(await fill('a.json', text))).toEqual(['contact.creation', `it's "new"`]);
    expect(await fill('a.txt', '{{#each subscription}}<{{item.event}}>{{/each}}')).toBe(`<contact.creation><it's "new">`);
  });

  it('shows no file outside of its folder, and does not go round in circles', async () => {
    for (const path of ['../manifest.yaml', '/etc/passwd', 'parts/../../x', './x', 'parts/one.js'])
      await expect(fill('a.txt', `{{include ${path}}}`)).rejects.toMatchObject({ code: 'manifest.unreadable' });
  });

  it('is refused when it names something that is not there', async () => {
    for (const text of [
      '{{nothing}}',
      '{{#each nothing}}{{/each}}',
      '{{#each subscription}}{{item.nothing}}{{/each}}',
      '{{include parts/bad.js}}',
      '{{constructor}}',
    ])
      await expect(fill('a.txt', text)).rejects.toMatchObject({ code: 'manifest.unreadable' });
  });
});
