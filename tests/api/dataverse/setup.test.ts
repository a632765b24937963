/** `crm-sync setup` against the sandbox's Web API: definitions made, mended and reported as on a tenant. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import type { SetupReport } from '../../../api/src/dataverse/setup/types.ts';
import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import { choiceColumn, columnOf, keyOf, option, textColumn } from '../../sandbox/dataverse/conformance/definitions.ts';
import { type Json, startTestDataverse, type TestDataverse } from '../../sandbox/dataverse/dataverse-client.ts';

const never = new AbortController().signal;
const definitionOf = (table: string) => `EntityDefinitions(LogicalName='${table}')`;
const contacts = definitionOf('contact');
const withoutSolution = { isSolutionInstalled: false, keyIndexBuildMs: null };

describe('set-up over the Web API', () => {
  let dataverse: TestDataverse;
  const opened: Dataverse[] = [];
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  beforeEach(() => dataverse.control('POST', 'environment', withoutSolution));
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.close()));
    dataverse.reset();
  });
  afterAll(() => dataverse.close());

  const open = (as = 'application', url = dataverse.url): Dataverse => {
    const credential = { getToken: async () => as, invalidate: () => undefined };
    const client = openDataverse({ url, users: [{ clientId: as, credential }], clock: { nowMs: Date.now } });
    opened.push(client);
    return client;
  };
  const setUp = (client = open(), isDryRun = false): Promise<SetupReport> => client.setUp({ isDryRun, signal: never });
  const buildKeys = async (): Promise<void> => {
    await dataverse.control('POST', 'key-indexes/advance');
    await dataverse.control('POST', 'key-indexes/advance');
  };
  const short = ({ findings }: SetupReport) => findings.map(({ table, name, problem, remedy }) => [table, name, problem, remedy]);
  const requestsOf = async (work: () => Promise<unknown>): Promise<unknown> => {
    await dataverse.control('DELETE', 'statistics');
    await work();
    return (await dataverse.control('GET', 'statistics')).json.requests;
  };
  const columnsOf = async (table: string): Promise<readonly Json[]> => {
    const { rows } = await dataverse.get(`${definitionOf(table)}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata`);
    return rows.filter(({ LogicalName }) => String(LogicalName).startsWith('ccsync_'));
  };

  it('makes in an empty environment what the solution would bring, so that rows can be synced', async () => {
    const before = await dataverse.control('POST', 'environment', { isSolutionInstalled: true }).then(() => columnsOf('contact'));
    await dataverse.control('POST', 'environment', withoutSolution);
    const client = open();
    await expect(client.describeTable('contact', never)).rejects.toMatchObject({ code: 'dataverse.solution_missing' });
    const report = await setUp(client);
    expect(report.changes).toHaveLength(1 + 2 * 8);
    expect(short(report)).toEqual([
      ['account', 'ccsync_sourcekey', 'keyBuilding', 'wait'],
      ['contact', 'ccsync_sourcekey', 'keyBuilding', 'wait'],
    ]);
    await buildKeys();
    expect(await setUp(client, true)).toMatchObject({ isReady: true, isSolutionInstalled: false, changes: [], findings: [] });

    const description = await client.describeTable('contact', never);
    expect(description.columns.get('ccsync_syncstatus')?.options?.map(({ value }) => value)).toEqual([863400000, 863400001, 863400002]);
    const rows = [{ sourceKey: 'crm~1', columnsJson: '"lastname":"Lovelace","ccsync_syncstatus":863400000' }];
    expect(await client.upsert(description, rows, { lane: 'bulk', signal: never })).toEqual([{ status: 'written' }]);
    const alike = ({ SchemaName, MaxLength, FormatName, RequiredLevel }: Json) => ({ SchemaName, MaxLength, FormatName, RequiredLevel });
    expect((await columnsOf('contact')).map(alike)).toEqual(before.map(alike));
  });

  it('changes nothing the second time', async () => {
    await setUp();
    await buildKeys();
    expect(await setUp()).toMatchObject({ isReady: true, changes: [] });
    // No more requests than it takes to look.
    expect(await requestsOf(() => setUp())).toBe(await requestsOf(() => setUp(open(), true)));
  });

  it('a dry run says what it would do and changes nothing', async () => {
    const report = await setUp(open(), true);
    expect(report.changes).toHaveLength(17);
    expect(report.findings).toEqual(report.changes);
    expect(await columnsOf('contact')).toEqual([]);
  });

  it('leaves the installed solution alone', async () => {
    await dataverse.control('POST', 'environment', { isSolutionInstalled: true });
    expect(await setUp()).toEqual({ isReady: true, isSolutionInstalled: true, changes: [], findings: [] });
  });

  it('goes on where an earlier one was stopped', async () => {
    const stopping = new AbortController();
    let made = 0;
    const stopped = open().setUp({
      isDryRun: false,
      signal: stopping.signal,
      onChange: () => {
        made += 1;
        if (made === 5) stopping.abort();
      },
    });
    await expect(stopped).rejects.toThrow();
    const report = await setUp();
    expect(report.changes).toHaveLength(17 - 4);
    await buildKeys();
    expect(await setUp()).toMatchObject({ isReady: true });
  });

  it('two at once come to the same end', async () => {
    await Promise.all([setUp(), setUp()]);
    await buildKeys();
    expect(await setUp()).toMatchObject({ isReady: true, changes: [] });
  });

  it('sits out a Dataverse that is down for a moment', async () => {
    await dataverse.control('POST', 'faults', { kind: 'unavailable', count: 2, path: 'Attributes' });
    await setUp(open());
    await buildKeys();
    expect(await setUp()).toMatchObject({ isReady: true });
  });

  describe('mends what has drifted', () => {
    beforeEach(async () => {
      await setUp();
      await buildKeys();
    });
    const expectMended = async (problem: string, name: string): Promise<void> => {
      expect(await setUp(open(), true)).toMatchObject({ isReady: false, changes: [{ problem, name, table: 'contact' }] });
      await setUp();
      await buildKeys();
      expect(await setUp()).toMatchObject({ isReady: true, changes: [] });
    };

    it('a column that is gone', async () => {
      await dataverse.delete(`${contacts}/Attributes(LogicalName='ccsync_sourcecrmurl')`);
      await expectMended('missing', 'ccsync_sourcecrmurl');
    });

    it('a column that is too short, whose labels stay', async () => {
      await dataverse.delete(`${contacts}/Attributes(LogicalName='ccsync_sourcecrmid')`);
      await dataverse.post(`${contacts}/Attributes`, textColumn('ccsync_SourceCRMId', 50));
      await expectMended('tooShort', 'ccsync_sourcecrmid');
      const column = (await columnsOf('contact')).find(({ LogicalName }) => LogicalName === 'ccsync_sourcecrmid');
      expect(column).toMatchObject({ MaxLength: 250, DisplayName: { UserLocalizedLabel: { Label: 'ccsync_SourceCRMId' } } });
    });

    it('options that a choice of the column’s own lacks', async () => {
      await dataverse.delete(`${contacts}/Attributes(LogicalName='ccsync_syncstatus')`);
      await dataverse.post(`${contacts}/Attributes`, choiceColumn('ccsync_SyncStatus', [option(863_400_000, 'In sync')]));
      await expectMended('optionMissing', 'ccsync_syncstatus');
    });

    it('an option that the shared choice lacks', async () => {
      await dataverse.post('DeleteOptionValue', { OptionSetName: 'ccsync_syncstatus', Value: 863_400_002 });
      const report = await setUp();
      expect(report.changes).toMatchObject([{ component: 'choice', problem: 'optionMissing', remedy: 'addOption' }]);
      expect(report).toMatchObject({ isReady: true });
    });

    it('a key that is gone', async () => {
      await dataverse.delete(`${contacts}/Keys(LogicalName='ccsync_sourcekey')`);
      await expectMended('missing', 'ccsync_sourcekey');
    });

    it('a key whose index failed, once the doubled rows are corrected', async () => {
      await dataverse.delete(`${contacts}/Keys(LogicalName='ccsync_sourcekey')`);
      const first = await dataverse.create('contacts', { lastname: 'A', ccsync_sourcekey: 'crm~1' });
      await dataverse.create('contacts', { lastname: 'B', ccsync_sourcekey: 'crm~1' });
      await setUp();
      await buildKeys();
      expect(short(await setUp(open(), true))).toEqual([['contact', 'ccsync_sourcekey', 'keyFailed', 'reactivate']]);
      await dataverse.patch(`contacts(${first})`, { ccsync_sourcekey: null });
      expect(short(await setUp())).toEqual([['contact', 'ccsync_sourcekey', 'keyBuilding', 'wait']]);
      await buildKeys();
      expect(await setUp()).toMatchObject({ isReady: true });
    });
  });

  it('tells what only a person can mend, and does the rest', async () => {
    await dataverse.post(`${contacts}/Attributes`, columnOf('DateTime', 'ccsync_SourceCRM', { Format: 'DateOnly' }));
    await dataverse.post(`${contacts}/Keys`, keyOf('ccsync_SourceKey', ['emailaddress1']));
    const report = await setUp();
    await buildKeys();
    const after = await setUp();
    expect(report.changes).toHaveLength(17 - 2);
    expect(short(after)).toEqual([
      ['contact', 'ccsync_sourcecrm', 'wrongType', 'byHand'],
      ['contact', 'ccsync_sourcekey', 'keyOnOtherColumns', 'byHand'],
    ]);
    expect(after).toMatchObject({ isReady: false, changes: [] });
  });

  it('labels what it makes in the environment’s own language, as others are refused', async () => {
    // The sandbox is English: what is in front of it says German, and keeps what is sent.
    let sent = '';
    const german = createServer((request, response) => {
      if (request.method !== 'GET') {
        request.setEncoding('utf8').on('data', (text: string) => (sent += text));
        request.on('end', () => response.writeHead(204).end());
      } else if (request.url?.includes('/organizations?') === true) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[{"languagecode":1031}]}');
      } else {
        const { headers } = request;
        httpRequest(`${dataverse.url}${request.url}`, { headers, agent: false }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        }).end();
      }
    });
    await new Promise<void>((resolve) => german.listen(0, '127.0.0.1', resolve));
    const { port } = german.address() as AddressInfo;
    try {
      await setUp(open('application', `http://127.0.0.1:${port}`));
    } finally {
      german.close();
      german.closeAllConnections();
    }
    expect(new Set(sent.match(/"LanguageCode":\d+/g))).toEqual(new Set(['"LanguageCode":1031']));
  });

  it('says which role is missing when the application user may not change tables', async () => {
    await expect(setUp(open('alex'))).rejects.toMatchObject({
      code: 'setup.forbidden',
      message: expect.stringMatching(/creating the choice ccsync_syncstatus.*prvCreateOptionSet/),
      help: expect.stringContaining('System Customizer'),
    });
  });
});
