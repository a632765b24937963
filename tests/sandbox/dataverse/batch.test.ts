/** execute-batch-operations-using-web-api.md, web-api-client-errors.md */
import { batchHeaders, batchText, partText, readParts, sendBatch } from './batch-text.ts';
import { people, startTestDataverse, type TestDataverse } from './dataverse-client.ts';

const continueOnError = { Prefer: 'odata.continue-on-error' };

describe('$batch of Dataverse', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.reset());

  const accountNames = async () => (await dataverse.get('accounts?$select=name&$orderby=name')).rows.map((row) => row.name);
  const create = (name: string) => ({ method: 'POST', url: '/api/data/v9.2/accounts', body: { name } });

  it('parts are answered in their order, between boundaries of the answer’s own', async () => {
    const { answer, parts } = await sendBatch(dataverse, [create('A'), create('B'), { method: 'GET', url: 'accounts?$select=name' }]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batchresponse_[0-9a-f-]{36}$/);
    expect(answer.text).toMatch(
      /^--batchresponse_[0-9a-f-]{36}\r\nContent-Type: application\/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP\/1\.1 204 No Content\r\n/,
    );
    expect(answer.text).toMatch(/--batchresponse_[0-9a-f-]{36}--\r\n$/);
    expect(parts.map((part) => part.status)).toEqual([204, 204, 200]);
    expect(parts[0]?.entityId).toMatch(/\/api\/data\/v9\.2\/accounts\([0-9a-f-]{36}\)$/);
    expect(parts[2]?.text).toContain('"name":"B"');
  });

  it('204 parts carry Location and OData-EntityId', async () => {
    const { answer } = await sendBatch(dataverse, [create('A')]);
    const location = /Location: (\S+)/.exec(answer.text)?.[1];
    expect(location).toBe(/OData-EntityId: (\S+)/.exec(answer.text)?.[1]);
    expect((await dataverse.get(String(location))).json.name).toBe('A');
  });

  it.each([
    ['relative', (path: string) => path],
    ['from the root', (path: string) => `/api/data/v9.2/${path}`],
    ['absolute', (path: string) => `${dataverse.root}${path}`],
  ])('addresses may be %s', async (_kind, address) => {
    const { parts } = await sendBatch(dataverse, [
      { method: 'PATCH', url: address(`accounts(ccsync_sourcekey='k')`), body: { name: 'A' } },
    ]);
    expect(parts[0]?.status).toBe(204);
    expect(await accountNames()).toEqual(['A']);
  });

  it('the first error ends the batch and is its status', async () => {
    const { answer, parts } = await sendBatch(dataverse, [create('A'), create('x'.repeat(161)), create('C')]);
    expect(answer.status).toBe(400);
    expect(parts.map((part) => part.status)).toEqual([204, 400]);
    expect(parts[1]?.error?.code).toBe('0x80044331');
    expect(answer.text).toMatch(/HTTP\/1\.1 400 Bad Request\r\nREQ_ID: [0-9a-f-]{36}\r\n/);
    expect(await accountNames()).toEqual(['A']);
  });

  it('odata.continue-on-error goes on after an error and is answered 200', async () => {
    const missing = { method: 'GET', url: 'accounts(00000000-0000-0000-0000-0000000000ff)' };
    const { answer, parts } = await sendBatch(dataverse, [create('x'.repeat(161)), missing, create('C')], continueOnError);
    expect(answer.status).toBe(200);
    expect(parts.map((part) => [part.status, part.error?.code])).toEqual([
      [400, '0x80044331'],
      [404, '0x80040217'],
      [204, undefined],
    ]);
    expect(await accountNames()).toEqual(['C']);
  });

  it('headers of a part count for it alone', async () => {
    const upsert = (key: string) => ({ method: 'PATCH', url: `accounts(ccsync_sourcekey='${key}')`, body: { name: key } });
    const { parts } = await sendBatch(
      dataverse,
      [upsert('a'), { ...upsert('b'), headers: { 'If-Match': '*' } }, { ...upsert('a'), headers: { Prefer: 'return=representation' } }],
      continueOnError,
    );
    expect(parts.map((part) => part.status)).toEqual([204, 404, 200]);
  });

  it('a part may impersonate, and never has more rights than the batch asked for', async () => {
    await dataverse.create('contacts', { lastname: 'X' });
    const read = { method: 'GET', url: 'contacts' };
    const asRobin = { CallerObjectId: people.robin };
    const byPart = await sendBatch(dataverse, [read, { ...read, headers: asRobin }], continueOnError);
    const byBatch = await sendBatch(dataverse, [read], { ...continueOnError, ...asRobin });
    expect([...byPart.parts, ...byBatch.parts].map((part) => part.status)).toEqual([200, 403, 403]);
  });

  it('1,000 parts are taken and 1,001 are not', async () => {
    const parts = Array.from({ length: 1001 }, (_, index) => ({
      method: 'PATCH',
      url: `accounts(ccsync_sourcekey='k${index}')`,
      body: { name: 'A' },
    }));
    const refused = await sendBatch(dataverse, parts);
    expect(refused.answer.status).toBe(400);
    expect((await dataverse.control('GET', 'statistics')).json).toMatchObject({ writesByTable: { account: 0 } });
    const taken = await sendBatch(dataverse, parts.slice(1));
    expect(taken.parts.filter((part) => part.status === 204)).toHaveLength(1000);
  });

  it('a batch in a batch is refused', async () => {
    const { parts } = await sendBatch(dataverse, [{ method: 'POST', url: '$batch', body: {} }], continueOnError);
    expect(parts[0]?.status).toBe(400);
  });

  it('text with boundaries, quotes and line ends in it survives', async () => {
    const description = '--batch_1--\r\n--batch_1\r\nHTTP/1.1 500 "x"';
    const { parts } = await sendBatch(dataverse, [{ method: 'POST', url: 'accounts', body: { name: 'A', description } }]);
    expect(parts[0]?.status).toBe(204);
    expect((await dataverse.get('accounts?$select=description')).rows[0]?.description).toBe(description);
  });

  describe('the wire format', () => {
    const send = (body: string, headers: Readonly<Record<string, string>> = batchHeaders) => dataverse.post('$batch', body, headers);

    it('bare line feeds are taken when two of them end the body', async () => {
      const body = `${batchText([partText(create('A'))]).replaceAll('\r\n', '\n')}\n`;
      expect(readParts((await send(body)).text)[0]?.status).toBe(204);
    });

    it('a body that ends without CRLF leaves its last part unreadable', async () => {
      const body = batchText([partText(create('A')), partText(create('B'))]).replace(/\r\n$/, '');
      const parts = readParts((await send(body, { ...batchHeaders, ...continueOnError })).text);
      expect(parts.map((part) => part.status)).toEqual([204, 400]);
      expect(parts[1]?.error?.code).toBe('0x80048d19');
      expect(parts[1]?.error?.message).toContain('Stream was not readable');
    });

    it('what is no batch is refused, not answered 500', async () => {
      const whole = batchText([partText(create('A'))]);
      const wrong: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
        ['', batchHeaders],
        ['{}', { 'content-type': 'application/json' }],
        [whole, { 'content-type': 'multipart/mixed' }],
        [whole, { 'content-type': 'multipart/mixed; boundary=other' }],
        [whole.replace('--batch_1--', ''), batchHeaders],
        [whole.replace('application/http', 'text/plain'), batchHeaders],
        [whole.replace('POST /api', 'nonsense'), batchHeaders],
      ];
      for (const [body, headers] of wrong)
        expect([body.slice(0, 80), (await send(body, headers)).status]).toEqual([body.slice(0, 80), 400]);
      expect(await accountNames()).toEqual([]);
    });
  });

  describe('change sets', () => {
    it('all parts are answered with their Content-ID', async () => {
      const { answer, parts } = await sendBatch(dataverse, [
        [
          { ...create('A'), contentId: '1' },
          { ...create('B'), contentId: 'two' },
        ],
      ]);
      expect(answer.text).toMatch(/Content-Type: multipart\/mixed; boundary=changesetresponse_[0-9a-f-]{36}\r\n\r\n--changesetresponse_/);
      expect(parts.map((part) => [part.status, part.contentId])).toEqual([
        [204, '1'],
        [204, 'two'],
      ]);
    });

    it('one failing part undoes the others and is the only answer of the set', async () => {
      const set = [
        { ...create('A'), contentId: '1' },
        { ...create('x'.repeat(161)), contentId: '2' },
      ];
      const { answer, parts } = await sendBatch(dataverse, [create('Before'), set, create('After')], continueOnError);
      expect(answer.status).toBe(200);
      expect(parts.map((part) => [part.status, part.error?.code])).toEqual([
        [204, undefined],
        [400, '0x80044331'],
        [204, undefined],
      ]);
      expect(await accountNames()).toEqual(['After', 'Before']);
    });

    it('undoes deletes and updates too', async () => {
      const kept = await dataverse.create('accounts', { name: 'Kept', ccsync_sourcekey: 'k' });
      const child = await dataverse.create('contacts', { lastname: 'Child', 'parentcustomerid_account@odata.bind': `/accounts(${kept})` });
      await sendBatch(dataverse, [
        [
          { method: 'PATCH', url: `accounts(${kept})`, body: { name: 'Changed', ccsync_sourcekey: 'other' }, contentId: '1' },
          { method: 'DELETE', url: `accounts(${kept})`, contentId: '2' },
          { method: 'PATCH', url: `accounts(${kept})`, body: { name: 'x' }, headers: { 'If-Match': '*' }, contentId: '3' },
        ],
      ]);
      expect((await dataverse.get(`accounts(ccsync_sourcekey='k')`)).json).toMatchObject({ accountid: kept, name: 'Kept' });
      expect((await dataverse.get(`contacts(${child})`)).json).toMatchObject({ _parentcustomerid_value: kept });
    });

    it('$1 stands for the row that part 1 made, in bodies and in addresses', async () => {
      const { parts } = await sendBatch(dataverse, [
        [
          { ...create('Contoso'), contentId: '1' },
          { method: 'POST', url: 'contacts', body: { lastname: 'X', 'parentcustomerid_account@odata.bind': '$1' }, contentId: '2' },
          { method: 'PUT', url: '$2/lastname', body: { value: 'Y' }, contentId: '3' },
          { method: 'PUT', url: '$1/primarycontactid/$ref', body: { '@odata.id': '$2' }, contentId: '4' },
          { method: 'PATCH', url: '$1', body: { fax: '5' }, contentId: '5' },
        ],
      ]);
      expect(parts.map((part) => part.status)).toEqual([204, 204, 204, 204, 204]);
      const answer = await dataverse.get('accounts?$select=name,fax&$expand=primarycontactid($select=lastname)');
      expect(answer.rows[0]).toMatchObject({ name: 'Contoso', fax: '5', primarycontactid: { lastname: 'Y' } });
    });

    it('$1 before part 1 is refused', async () => {
      const { answer, parts } = await sendBatch(dataverse, [[{ method: 'PATCH', url: '$1', body: { name: 'A' }, contentId: '2' }]]);
      expect(answer.status).toBe(400);
      expect(parts[0]?.error?.message).toBe("Content-ID Reference: '$1' does not exist in the batch context.");
    });

    it('GET has no place in one, and neither has a part without Content-ID', async () => {
      const get = await sendBatch(dataverse, [[{ method: 'GET', url: 'accounts', contentId: '1' }]]);
      const unnamed = await sendBatch(dataverse, [[create('A')]]);
      expect([get.answer.status, unnamed.answer.status]).toEqual([400, 400]);
      expect(unnamed.parts[0]?.error?.message).toContain('Content-ID');
    });
  });
});
