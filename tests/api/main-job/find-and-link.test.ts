import { ApiProblem } from '@crm-sync/client';
import { type Product, startProduct } from '../../support/product.ts';

const problemOf = async (call: Promise<unknown>): Promise<{ readonly code: string; readonly status: number }> => {
  const thrown: unknown = await call.catch((error: unknown) => error);
  if (!(thrown instanceof ApiProblem)) throw new Error(`no problem, but ${JSON.stringify(thrown)}`);
  return { code: thrown.code, status: thrown.status };
};

describe('an agent at a form', () => {
  let product: Product;
  let people = 0;
  beforeAll(async () => {
    product = await startProduct({
      store: 'embedded',
      configure: (config, sandbox) => {
        const sources = config.sources as object[];
        // A second CRM whose key has been taken back.
        sources.push({
          id: 'fabrikam',
          name: 'Fabrikam CRM',
          connector: 'northwind',
          settings: { baseUrl: sandbox.crmUrl, apiKey: 'taken back' },
          allowPrivateNetwork: true,
        });
        config.log = { level: 'info' };
      },
    });
    await product.sandbox.dataverse.setEnvironment({
      securedColumns: ['contact.telephone1'],
      isMicrosoftConnectorInstalled: true,
      sourceCrmChoices: [{ value: 7, label: 'Siebel' }],
    });
    await product.startApi();
    await product.run({ mode: 'full' });
  }, 60_000);
  afterAll(() => product.stop());

  /** A person in the CRM that no run has brought yet. */
  const newPerson = async (more: object = {}): Promise<{ readonly id: string; readonly email: string; readonly full_name: string }> => {
    people += 1;
    const person = {
      full_name: `Zoë O'Brien-${people}`,
      email: `zoe.${people}@fabrikam.example`,
      phone: `+43 1 555-00${10 + people}`,
      ...more,
    };
    const id = await product.sandbox.crm.create('people', person);
    return { ...person, id };
  };
  const newRow = async (columns: object): Promise<{ readonly table: 'contact'; readonly rowId: string }> => {
    const row = await product.sandbox.dataverse.send('POST', 'contacts', columns, { Prefer: 'return=representation' });
    return { table: 'contact', rowId: String(row.contactid) };
  };
  const linked = (recordId: string) => ({ table: 'contact', sourceKey: `northwind~${recordId}` }) as const;

  describe('who asks whether the row is fresh', () => {
    it('is told that it is, and the look is remembered without a write to the row', async () => {
      const agent = product.client('agent');
      const before = await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100011');
      const known = await agent.recordStatus(linked('100011'));
      const checked = await agent.checkRecord(linked('100011'));
      expect(checked).toMatchObject({ state: 'inSync', mark: 'northwind' });
      expect(Date.parse(checked.checkedOn ?? '')).toBeGreaterThan(Date.parse(known.checkedOn ?? ''));
      expect(Date.parse((await agent.recordStatus(linked('100011'))).checkedOn ?? '')).toBeGreaterThan(Date.parse(known.checkedOn ?? ''));
      expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100011')).toEqual(before);
    });

    it('is told that the CRM has changed the record since, and the row stays as it is until a sync', async () => {
      const agent = product.client('agent');
      const before = await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100012');
      const changed = await product.sandbox.crm.patch('people', '100012', { title: 'Chief' });
      expect(await agent.checkRecord(linked('100012'))).toMatchObject({ state: 'outOfDate', sourceModifiedOn: changed.updated_at });
      expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100012')).toEqual(before);
      expect((await agent.syncRecord(linked('100012'))).changes).toMatchObject([{ column: 'jobtitle', after: 'Chief' }]);
      expect(await agent.checkRecord(linked('100012'))).toMatchObject({ state: 'inSync' });
    });

    it('asks the CRM for that one record and nothing else', async () => {
      const before = (await product.sandbox.statistics()).requestsByRoute;
      await product.client('agent').checkRecord(linked('100013'));
      const after = (await product.sandbox.statistics()).requestsByRoute;
      const more = Object.entries(after).filter(([route, count]) => count !== (before[route] ?? 0));
      expect(more).toEqual([['GET /api/v1/people/:id', (before['GET /api/v1/people/:id'] ?? 0) + 1]]);
    });

    it('is told that the CRM has deleted it, while the row stays active until a sync', async () => {
      await product.sandbox.crm.delete('people', '100014');
      expect(await product.client('agent').checkRecord(linked('100014'))).toMatchObject({ state: 'removed' });
      expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100014')).toMatchObject({ statecode: 0 });
    });

    it('learns nothing of a row that the agent may not read, nor of one that is not linked', async () => {
      expect(await problemOf(product.client('restricted').checkRecord(linked('100011')))).toEqual({
        code: 'record.not_found',
        status: 404,
      });
      const row = await newRow({ lastname: 'Alone' });
      expect(await problemOf(product.client('agent').checkRecord(row))).toEqual({ code: 'record.not_linked', status: 409 });
    });
  });

  describe('who looks for the record of a row', () => {
    it.each([
      ['its e-mail address, in whatever case', ({ email }: { email: string }) => ({ lastname: 'X', emailaddress1: email.toUpperCase() })],
      [
        'its phone number, however it is written',
        (person: { phone?: string }) => ({ lastname: 'X', mobilephone: person.phone?.replaceAll(/[ -]/g, '.') }),
      ],
      ['its name', ({ full_name: name }: { full_name: string }) => ({ firstname: name.split(' ')[0], lastname: name.split(' ')[1] })],
    ])('finds it by %s', async (_by, columnsFor) => {
      const person = await newPerson();
      const row = await newRow(columnsFor(person));
      const { candidates } = await product.client('agent').findCandidates(row);
      expect(candidates).toEqual([
        {
          sourceId: 'northwind',
          sourceName: 'Northwind Traders CRM',
          recordId: person.id,
          name: person.full_name,
          email: 'z…@fabrikam.example',
          url: `${product.sandbox.crmUrl}/people/${person.id}`,
        },
      ]);
    });

    it('finds it by other words, with its company', async () => {
      const person = await newPerson({ full_name: 'Wanda Words', company_id: 'ALFKI', city: 'Berlin' });
      const row = await newRow({ lastname: 'Nobody' });
      expect((await product.client('agent').findCandidates(row, 'words wanda')).candidates).toMatchObject([
        { recordId: person.id, name: 'Wanda Words', company: 'Alfreds Futterkiste', city: 'Berlin' },
      ]);
    });

    it('is told which source could not be searched, beside what the others found', async () => {
      const person = await newPerson();
      const row = await newRow({ lastname: 'X', emailaddress1: person.email });
      const { candidates, unsearched } = await product.client('agent').findCandidates(row);
      expect(candidates.map(({ recordId }) => recordId)).toEqual([person.id]);
      expect(unsearched).toMatchObject([{ sourceId: 'fabrikam', sourceName: 'Fabrikam CRM', code: 'crm.unauthorised' }]);
    });

    it('sees that another row is linked to it already', async () => {
      const other = await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100001');
      const row = await newRow({ lastname: other?.lastname, firstname: other?.firstname });
      const { candidates } = await product.client('agent').findCandidates(row);
      expect(candidates).toMatchObject([{ recordId: '100001', linkedRowId: other?.contactid }]);
    });

    it.each([
      ['a row that says nothing to search by', { lastname: 'X' }, 'record.nothing_to_search_by'],
      ['a row that is linked', null, 'record.already_linked'],
    ])('is refused for %s', async (_what, columns, code) => {
      const row = await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100001');
      const address = columns === null ? { table: 'contact' as const, rowId: String(row?.contactid) } : await newRow(columns);
      expect(await problemOf(product.client('agent').findCandidates(address))).toMatchObject({ code });
    });

    it('learns nothing about a row that the agent may not read', async () => {
      const row = await newRow({ lastname: 'X', emailaddress1: 'someone@fabrikam.example' });
      expect(await problemOf(product.client('restricted').findCandidates(row))).toMatchObject({ code: 'record.not_found' });
    });
  });

  describe('who links a row', () => {
    it('has it linked and filled at once, and the log says who did it and nothing of the person', async () => {
      const person = await newPerson();
      const row = await newRow({ lastname: 'X', emailaddress1: person.email });
      const result = await product.client('agent').linkRecord(row, { sourceId: 'northwind', recordId: person.id });
      expect(result).toMatchObject({ outcome: 'changed', record: { state: 'inSync', recordId: person.id, rowId: row.rowId } });
      expect(await product.sandbox.dataverse.get(`contacts(${row.rowId})`)).toMatchObject({
        ccsync_sourcekey: `northwind~${person.id}`,
        ccsync_sourcecrmid: person.id,
        ccsync_syncstatus: 863_400_000,
        firstname: 'Zoë',
        lastname: person.full_name.slice(4),
      });
      const { output } = product.api();
      expect(output).toContain(row.rowId);
      expect(output).toContain('44444444-4444-4444-8444-444444444444');
      expect(output).not.toMatch(/fabrikam\.example|O'Brien/);
      expect(await product.client('agent').linkRecord(row, { sourceId: 'northwind', recordId: person.id })).toMatchObject({
        outcome: 'unchanged',
      });
    });

    it('is the only one of two who do so at the same time for two rows', async () => {
      const person = await newPerson();
      const rows = [await newRow({ lastname: 'One' }), await newRow({ lastname: 'Two' })] as const;
      const to = { sourceId: 'northwind', recordId: person.id };
      const results = await Promise.allSettled(rows.map((row) => product.client('agent').linkRecord(row, to)));
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const lost = results.find((result) => result.status === 'rejected');
      expect(lost?.reason).toMatchObject({ code: 'record.linked_elsewhere', status: 409 });
      expect(await product.sandbox.dataverse.count('contacts', `ccsync_sourcekey eq 'northwind~${person.id}'`)).toBe(1);
    });

    it('is the only one of two who link one row to two records at the same time', async () => {
      const [one, other] = [await newPerson(), await newPerson()];
      const row = await newRow({ lastname: 'X' });
      const link = (recordId: string) => product.client('agent').linkRecord(row, { sourceId: 'northwind', recordId });
      const results = await Promise.allSettled([link(one.id), link(other.id)]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'record.already_linked' });
    });

    it.each([
      ['may only read the row', 'reader', 'record.link_forbidden', 403],
      ['may not even read it', 'restricted', 'record.not_found', 404],
    ] as const)('is refused who %s, and the row stays as it was', async (_who, user, code, status) => {
      const person = await newPerson();
      const row = await newRow({ lastname: 'X' });
      const to = { sourceId: 'northwind', recordId: person.id };
      expect(await problemOf(product.client(user).linkRecord(row, to))).toEqual({ code, status });
      expect(await product.sandbox.dataverse.get(`contacts(${row.rowId})`)).toMatchObject({ ccsync_sourcekey: null, lastname: 'X' });
    });

    it('is refused for a record that is gone, and for one of a source that is not there', async () => {
      const row = await newRow({ lastname: 'X' });
      const link = (sourceId: string, recordId: string) => product.client('agent').linkRecord(row, { sourceId, recordId });
      expect(await problemOf(link('northwind', '999999'))).toEqual({ code: 'record.candidate_gone', status: 404 });
      expect(await problemOf(link('nobody', '1'))).toMatchObject({ code: 'source.unknown' });
    });
  });

  describe('who may see less than the sync', () => {
    it('is shown no column with column security that came empty, neither what is there nor what the CRM says', async () => {
      await product.sandbox.crm.patch('people', '100021', { phone: '030-4711', title: 'Chief' });
      const result = await product.client('agent').syncRecord(linked('100021'));
      expect(result.changes).toMatchObject([{ column: 'jobtitle', after: 'Chief' }]);
      expect(JSON.stringify(result)).not.toContain('4711');
      expect(await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100021')).toMatchObject({ telephone1: '030-4711' });
      // What the agent cannot see is no reason to write the row at every click.
      expect(await product.client('agent').syncRecord(linked('100021'))).toMatchObject({ outcome: 'unchanged' });
    });

    it('is led nowhere but to the hosts that the connector allows', async () => {
      const row = await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100022');
      for (const url of ['https://evil.example/people/100022', 'javascript:alert(1)']) {
        await product.sandbox.dataverse.send('PATCH', `contacts(${String(row?.contactid)})`, { ccsync_sourcecrmurl: url });
        expect(await product.client('agent').recordStatus(linked('100022'))).not.toHaveProperty('url');
      }
    });

    it('is told of the record of another CRM that the row names too', async () => {
      const row = await product.sandbox.dataverse.rowByKey('contacts', 'northwind~100023');
      const other = { msdyn_source_crm: 7, msdyn_source_crm_id: 'S-1', msdyn_source_crm_url: 'https://siebel.example/S-1' };
      await product.sandbox.dataverse.send('PATCH', `contacts(${String(row?.contactid)})`, other);
      const status = await product.client('agent').recordStatus(linked('100023'));
      expect(status).toMatchObject({ recordId: '100023', otherRecords: [{ source: { name: 'Siebel' }, recordId: 'S-1' }] });
      // Nobody vouches for its address.
      expect(status.otherRecords?.[0]).not.toHaveProperty('url');
    });
  });
});
