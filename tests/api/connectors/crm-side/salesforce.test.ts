import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ApexErrorListener, ApexParserFactory } from '@apexdevtools/apex-parser';
import { readXml } from '../../../solution/support/read-xml.ts';
import { golden, judge, openInBox, printed } from './support.ts';

type Unit = 'compilationUnit' | 'triggerUnit' | 'anonymousUnit';
const units: Readonly<Record<string, Unit>> = { cls: 'compilationUnit', trigger: 'triggerUnit', apex: 'anonymousUnit' };

class Problems extends ApexErrorListener {
  readonly found: string[] = [];

  override apexSyntaxError(line: number, column: number, message: string): void {
    this.found.push(`${line}:${column} ${message}`);
  }
}

const problemsIn = (source: string, unit: Unit): readonly string[] => {
  const problems = new Problems();
  const { parser } = ApexParserFactory.createLexerAndParser(source, problems);
  parser[unit]();
  return problems.found;
};

const isApex = (path: string): boolean => /\.(cls|trigger|apex)$/.test(path);
const unitOf = (path: string): Unit => units[path.split('.').at(-1) ?? ''] ?? 'compilationUnit';

describe('what is deployed in Salesforce', () => {
  it('is Apex that a parser takes, and that parser refuses a broken one', async () => {
    const { files } = await printed('salesforce');
    const apex = files.filter(({ path }) => isApex(path));
    expect(apex.map(({ path }) => path.split('/').at(-1)).toSorted()).toEqual([
      'CrmSyncAccount.trigger',
      'CrmSyncChange.trigger',
      'CrmSyncChanges.cls',
      'CrmSyncContact.trigger',
      'CrmSyncSender.cls',
      'CrmSyncTest.cls',
      'set-secret.apex',
    ]);
    for (const { path, text } of apex) {
      expect({ path, problems: problemsIn(text, unitOf(path)) }).toEqual({ path, problems: [] });
      const last = text.lastIndexOf(';');
      expect(problemsIn(text.slice(0, last) + text.slice(last + 1), unitOf(path))).not.toEqual([]);
    }
  });

  it('is a project whose package names every part of it, each with its metadata, and XML throughout', async () => {
    const { files } = await printed('salesforce');
    const named = (pattern: RegExp) => files.flatMap(({ path }) => pattern.exec(path)?.[1] ?? []).toSorted();
    const xml = files.filter(({ path }) => path.endsWith('.xml'));
    expect(xml.length).toBeGreaterThan(10);
    // Comments are XML, and more than the strict reader takes.
    for (const { text } of xml) readXml(text.replaceAll(/<!--[\s\S]*?-->/g, ''));
    const manifest = readXml(files.find(({ path }) => path === 'manifest/package.xml')?.text ?? '');
    const members = Object.fromEntries(
      manifest.children.flatMap(({ children }) => {
        const name = children.find((child) => child.name === 'name')?.text.trim();
        return name === undefined ? [] : [[name, children.flatMap((child) => (child.name === 'members' ? child.text.trim() : []))]];
      }),
    );
    expect(members).toEqual({
      ApexClass: named(/\/([^/]+)\.cls$/),
      ApexTrigger: named(/\/([^/]+)\.trigger$/),
      CustomObject: named(/\/([^/]+)\.object-meta\.xml$/),
      NamedCredential: named(/\/([^/]+)\.namedCredential-meta\.xml$/),
    });
    for (const path of files.flatMap((file) => (/\.(cls|trigger)$/.test(file.path) ? [`${file.path}-meta.xml`] : [])))
      expect(files.map((file) => file.path)).toContain(path);
    expect(JSON.parse(files.find(({ path }) => path === 'sfdx-project.json')?.text ?? '')).toMatchObject({
      packageDirectories: [{ path: 'force-app' }],
    });
  });

  it('posts to the address of the source, however odd it looks, and holds no secret', async () => {
    const odd = `https://sync.example.com/a'b&c"/webhooks/crm`;
    const { files } = await printed('salesforce', odd);
    const credential = readXml(
      (files.find(({ path }) => path.endsWith('.namedCredential-meta.xml'))?.text ?? '').replaceAll(/<!--[\s\S]*?-->/g, ''),
    );
    const endpoint = credential.children.find(({ name }) => name === 'endpoint');
    expect(endpoint?.text).toBe(odd);
    const { webhookSetups } = await openInBox('salesforce', { settings: { webhookSecret: golden.secret } });
    const { files: withSecret, steps } = (await webhookSetups.get('')?.print({ address: odd, source: 'crm' })) ?? { files: [], steps: [] };
    // Its own test signs with the published secret, which is nobody's.
    const apart = withSecret.filter(({ path }) => !path.endsWith('CrmSyncTest.cls'));
    expect(JSON.stringify([apart, steps])).not.toContain(golden.secret);
  });

  /**
   * Apex runs in Salesforce alone. What is signed is taken out of its source and put together here: the order of the parts and the signs
   * between them, the key's decoding, the algorithm and the writing of the result are the source's, the arithmetic is Node's.
   */
  it('signs by its source what the door takes, and gives the published signature for the published delivery', async () => {
    const source = readFileSync('api/connectors/salesforce/crm-side/force-app/main/default/classes/CrmSyncSender.cls', 'utf8');
    const body =
      /String signatureOf\(String secret, String deliveryId, Long timestampSeconds, String body\) \{([^}]*)\}/.exec(source)?.[1] ?? '';
    const lines = body
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect(lines).toEqual([
      "String signed = deliveryId + '.' + String.valueOf(timestampSeconds) + '.' + body;",
      "Blob key = EncodingUtil.base64Decode(secret.removeStart('whsec_'));",
      "return 'v1,' + EncodingUtil.base64Encode(Crypto.generateMac('hmacSHA256', Blob.valueOf(signed), key));",
    ]);
    const expression = (lines[0] ?? '').replace(/^String signed = /, '').replace(/;$/, '');
    const sign = (secret: string, id: string, timestampSeconds: number, text: string): string => {
      const parts: Readonly<Record<string, string>> = {
        deliveryId: id,
        'String.valueOf(timestampSeconds)': String(timestampSeconds),
        body: text,
      };
      const signed = expression
        .split(' + ')
        .map((part) => (part.startsWith("'") ? part.slice(1, -1) : (parts[part] ?? '')))
        .join('');
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    };
    expect(sign(golden.secret, golden.id, golden.timestampSeconds, golden.body)).toBe(golden.signature);
    const nowMs = Date.UTC(2026, 10, 26);
    const connector = await openInBox('salesforce', { settings: { webhookSecret: golden.secret }, nowMs });
    const text =
      '{"orgId":"00D000000000001EAA","sobject":"Account","op":"merge","ids":["001000000000001AAA"],"masterIds":["001000000000002AAA"]}';
    const headers = {
      'webhook-id': 'sf_1',
      'webhook-timestamp': String(nowMs / 1000),
      'webhook-signature': sign(golden.secret, 'sf_1', nowMs / 1000, text),
    };
    for (const name of Object.keys(headers)) expect(source).toContain(`request.setHeader('${name}'`);
    expect(judge(connector, { headers, body: text }, nowMs)).toMatchObject({
      trust: 'full',
      deliveryId: 'sf_1',
      events: [{ table: 'account', recordIds: ['001000000000001AAA', '001000000000002AAA'] }],
    });
    expect(() => judge(connector, { headers, body: `${text} ` }, nowMs)).toThrow(expect.objectContaining({ code: 'webhook.unauthorised' }));
  });
});
