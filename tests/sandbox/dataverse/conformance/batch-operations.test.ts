/** $batch as its page has it: the examples one after the other, with the statuses and bodies that they are answered with. */
import { anyEtag, anyText, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { type Part, sendBatch } from '../batch-text.ts';
import { pages } from './pages.ts';

const accountId = '00000000-0000-0000-0000-000000000001';
const link = { 'regardingobjectid_account_task@odata.bind': `accounts(${accountId})` };
const task = (number: number): Part => ({
  method: 'POST',
  url: '/api/data/v9.2/tasks',
  body: { subject: `Task ${number} in batch`, ...link },
});
const listTasks: Part = { method: 'GET', url: `/api/data/v9.2/accounts(${accountId})/Account_Tasks?$select=subject` };

describe(pages.batch, () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  beforeEach(async () => {
    dataverse.reset();
    await dataverse.post('accounts', { accountid: accountId, name: 'A' });
  });

  const numbered = (parts: readonly Part[]): readonly Part[] => parts.map((part, index) => ({ ...part, contentId: String(index + 1) }));
  const subjects = async () => (await dataverse.get('tasks?$select=subject')).rows.map(({ subject }) => subject);
  const expectedTasks = () => ({
    '@odata.context': `${dataverse.root}$metadata#tasks(subject)`,
    value: [1, 2, 3].map((number) => ({ '@odata.etag': anyEtag, subject: `Task ${number} in batch`, activityid: anyText })),
  });

  it('Batch requests: three tasks are created (204 each, with OData-EntityId) and listed, in order', async () => {
    const { answer, parts } = await sendBatch(dataverse, [task(1), task(2), task(3), listTasks]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batchresponse_[0-9a-f-]{36}$/);
    expect(parts.map(({ status }) => status)).toEqual([204, 204, 204, 200]);
    expect(parts[0]?.entityId).toMatch(/\/tasks\([0-9a-f-]{36}\)$/);
    expect(JSON.parse(parts[3]?.text ?? '')).toEqual(expectedTasks());
  });

  it('Change sets: three tasks are created as one, with their Content-IDs, and listed by a GET outside', async () => {
    const { answer, parts } = await sendBatch(dataverse, [numbered([task(1), task(2), task(3)]), listTasks]);
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/Content-Type: multipart\/mixed; boundary=changesetresponse_[0-9a-f-]{36}/);
    expect(parts.map(({ status, contentId }) => [status, contentId])).toEqual([
      [204, '1'],
      [204, '2'],
      [204, '3'],
      [200, null],
    ]);
    expect(JSON.parse(parts[3]?.text ?? '')).toEqual(expectedTasks());
  });

  it('Change sets: when one operation fails, none is carried out', async () => {
    const tooLong = { ...task(2), body: { subject: 'x'.repeat(201), ...link } };
    const { answer } = await sendBatch(dataverse, [numbered([task(1), tooLong])]);
    expect(answer.status).toBe(400);
    expect(await subjects()).toEqual([]);
  });

  it('Change sets: GET requests are not allowed in one', async () => {
    const { answer } = await sendBatch(dataverse, [numbered([task(1), listTasks])]);
    expect(answer.status).toBe(400);
    expect(await subjects()).toEqual([]);
  });

  it('Reference URIs in request body: $1 and $2 are bound in one operation', async () => {
    const { parts } = await sendBatch(dataverse, [
      numbered([
        { method: 'POST', url: `${dataverse.root}leads`, body: { firstname: 'first name', lastname: 'last name' } },
        { method: 'POST', url: `${dataverse.root}contacts`, body: { firstname: 'first name' } },
        {
          method: 'POST',
          url: `${dataverse.root}accounts`,
          body: { name: 'IcM Account', 'originatingleadid@odata.bind': '$1', 'primarycontactid@odata.bind': '$2' },
        },
      ]),
    ]);
    expect(parts.map(({ status }) => status)).toEqual([204, 204, 204]);
    const expand = '$expand=originatingleadid($select=fullname),primarycontactid($select=fullname)';
    expect((await dataverse.get(`accounts?$filter=name eq 'IcM Account'&${expand}`)).rows[0]).toMatchObject({
      originatingleadid: { fullname: 'first name last name' },
      primarycontactid: { fullname: 'first name' },
    });
  });

  it('Reference URI in request URL: PUT $1/lastname changes the contact that part 1 made', async () => {
    const { parts } = await sendBatch(dataverse, [
      numbered([
        { method: 'POST', url: `${dataverse.root}contacts`, body: { firstname: 'First Name', lastname: 'Last name' } },
        { method: 'PUT', url: '$1/lastname', body: { value: 'BBBBB' } },
      ]),
    ]);
    expect(parts.map(({ status, entityId }) => [status, entityId !== null])).toEqual([
      [204, true],
      [204, false],
    ]);
    expect((await dataverse.get('contacts?$select=lastname')).rows).toMatchObject([{ lastname: 'BBBBB' }]);
  });

  it.each([
    [
      'Reference URIs in URL and request body using @odata.id',
      { method: 'PUT', url: '$1/primarycontactid/$ref', body: { '@odata.id': '$2' } },
    ],
    ['Reference URIs in URL and navigation properties', { method: 'PATCH', url: '$1', body: { 'primarycontactid@odata.bind': '$2' } }],
  ])('%s', async (_title, third) => {
    const { parts } = await sendBatch(dataverse, [
      numbered([
        { method: 'POST', url: `${dataverse.root}accounts`, body: { name: 'Account Name' } },
        { method: 'POST', url: `${dataverse.root}contacts`, body: { firstname: 'Contact first name' } },
        third,
      ]),
    ]);
    expect(parts.map(({ status }) => status)).toEqual([204, 204, 204]);
    const query = `accounts?$select=name&$filter=name eq 'Account Name'&$expand=primarycontactid($select=fullname)`;
    expect((await dataverse.get(query)).rows[0]).toMatchObject({ primarycontactid: { fullname: 'Contact first name' } });
  });

  it('a row of a part with return=representation can be referred to as well', async () => {
    const { parts } = await sendBatch(dataverse, [
      numbered([
        { method: 'POST', url: 'accounts?$select=name', body: { name: 'A' }, headers: { Prefer: 'return=representation' } },
        { method: 'PATCH', url: '$1', body: { name: 'B' } },
      ]),
    ]);
    expect(parts.map(({ status }) => status)).toEqual([201, 204]);
  });

  it('a Content-ID that is referred to before it is declared is 400', async () => {
    const { answer, parts } = await sendBatch(dataverse, [
      [
        {
          method: 'POST',
          url: `${dataverse.root}phonecalls`,
          body: { phonenumber: '911', 'regardingobjectid_account_phonecall@odata.bind': '$1' },
          contentId: '2',
        },
        { method: 'POST', url: `${dataverse.root}accounts`, body: { name: 'QQQQ', revenue: 1.5 }, contentId: '1' },
      ],
    ]);
    expect([answer.status, parts[0]?.error?.message]).toEqual([400, "Content-ID Reference: '$1' does not exist in the batch context."]);
  });

  it('Handling errors: the first failure ends the batch and is its status', async () => {
    const tooLong = { ...task(1), body: { subject: 'x'.repeat(201), ...link } };
    const { answer, parts } = await sendBatch(dataverse, [tooLong, task(2), task(3)]);
    expect(answer.status).toBe(400);
    expect(parts).toHaveLength(1);
    expect(answer.text).toContain('HTTP/1.1 400 Bad Request\r\nREQ_ID: ');
    expect(parts[0]?.error).toEqual({
      code: '0x80044331',
      message:
        "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.",
    });
    expect(await subjects()).toEqual([]);
  });

  it('Handling errors: with odata.continue-on-error the batch is 200 and the rest is carried out', async () => {
    const tooLong = { ...task(1), body: { subject: 'x'.repeat(201), ...link } };
    const { answer, parts } = await sendBatch(dataverse, [tooLong, task(2), task(3)], { Prefer: 'odata.continue-on-error' });
    expect([answer.status, parts.map(({ status }) => status)]).toEqual([200, [400, 204, 204]]);
    expect(await subjects()).toEqual(['Task 2 in batch', 'Task 3 in batch']);
  });

  it('up to 1,000 requests are taken, 1,001 are refused, and a batch within a batch is refused', async () => {
    const get: Part = { method: 'GET', url: 'WhoAmI' };
    expect(
      (
        await sendBatch(
          dataverse,
          Array.from({ length: 1000 }, () => get),
        )
      ).answer.status,
    ).toBe(200);
    expect(
      (
        await sendBatch(
          dataverse,
          Array.from({ length: 1001 }, () => get),
        )
      ).answer.status,
    ).toBe(400);
    expect((await sendBatch(dataverse, [{ method: 'POST', url: '$batch', body: {} }])).answer.status).toBe(400);
  });
});
