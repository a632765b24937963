import { startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { allAnnotations, pages } from './pages.ts';

describe('query options', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    const zoe = await dataverse.create('contacts', { lastname: 'Zoe' });
    const anna = await dataverse.create('contacts', { lastname: 'Anna' });
    const account = (name: string, more: Readonly<Record<string, unknown>>) => dataverse.create('accounts', { name, ...more });
    await account('A', {
      revenue: 10,
      customertypecode: 2,
      address1_stateorprovince: 'WA',
      'primarycontactid@odata.bind': `contacts(${zoe})`,
    });
    await account('B', {
      revenue: 20,
      customertypecode: 1,
      address1_stateorprovince: 'wa',
      'primarycontactid@odata.bind': `contacts(${anna})`,
    });
    await account('C', { revenue: 30, 'primarycontactid@odata.bind': `contacts(${anna})` });
    await account('D', { statecode: 1, statuscode: 2 });
  });
  afterAll(() => dataverse.close());

  const names = async (options: string) => {
    const answer = await dataverse.get(`accounts?$select=name&${options}`);
    expect([options, answer.status, answer.error.message]).toEqual([options, 200, '']);
    return answer.rows.map(({ name }) => name).join('');
  };

  describe(pages.order, () => {
    it('by several columns, each in its direction', async () => {
      expect(await names('$orderby=statecode desc,revenue desc')).toBe('DCBA');
    });

    it('a lookup sorts by the name of the row that it points to', async () => {
      expect(await names('$orderby=_primarycontactid_value,name desc')).toBe('DCBA');
    });

    it('a choice sorts by its number', async () => {
      expect(await names('$orderby=customertypecode desc,name')).toBe('ABCD');
    });
  });

  describe(pages.overview, () => {
    it('parameter aliases stand for names and values in $filter and $orderby; one without a value is null', async () => {
      expect(await names('$orderby=@p1 asc,@p2 desc&$filter=@p1 ne @p3&@p1=revenue&@p2=name')).toBe('ABC');
      expect(await names(`$filter=contains(@p1,@p2)&@p1=name&@p2='b'`)).toBe('B');
    });

    it.each(['$skip=1', '$search=x', '$format=json'])('%s is not supported', async (option) => {
      const answer = await dataverse.get(`accounts?${option}`);
      expect([400, 501]).toContain(answer.status);
      expect(answer.error.message).not.toBe('');
    });

    it('the service document lists the entity sets', async () => {
      const answer = await dataverse.get('');
      expect(answer.json['@odata.context']).toBe(`${dataverse.root}$metadata`);
      for (const name of ['accounts', 'contacts', 'tasks', 'systemuserrolescollection']) {
        expect(answer.rows).toContainEqual({ name, kind: 'EntitySet', url: name });
      }
    });
  });

  describe(pages.count, () => {
    it('$count=true counts what matches, whatever the page size; without it the total is -1', async () => {
      const headers = { Prefer: 'odata.maxpagesize=1,odata.include-annotations="Microsoft.Dynamics.CRM.*"' };
      const counted = await dataverse.get('accounts?$select=name&$count=true', headers);
      expect(counted.json).toMatchObject({ '@odata.count': 4, '@Microsoft.Dynamics.CRM.totalrecordcount': 4 });
      const uncounted = await dataverse.get('accounts?$select=name', headers);
      expect(uncounted.json).toMatchObject({ '@Microsoft.Dynamics.CRM.totalrecordcount': -1 });
      expect(uncounted.json).not.toHaveProperty('@odata.count');
    });

    it('RetrieveTotalRecordCount counts whole tables', async () => {
      const answer = await dataverse.get(`RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["account","contact"]`);
      expect(answer.json.EntityRecordCountCollection).toMatchObject({ Count: 2, Keys: ['account', 'contact'], Values: [4, 2] });
      expect((await dataverse.get(`RetrieveTotalRecordCount(EntityNames=['nosuch'])`)).status).toBe(400);
    });
  });

  describe(pages.select, () => {
    it('the annotations of a lookup tell its table, its navigation property and its name', async () => {
      const answer = await dataverse.get(`accounts?$select=_primarycontactid_value,customertypecode&$filter=name eq 'A'`, allAnnotations);
      expect(answer.rows[0]).toMatchObject({
        '_primarycontactid_value@OData.Community.Display.V1.FormattedValue': 'Zoe',
        '_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
        '_primarycontactid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'primarycontactid',
        'customertypecode@OData.Community.Display.V1.FormattedValue': 'Consultant',
        customertypecode: 2,
      });
    });
  });

  describe(pages.aggregate, () => {
    const apply = async (text: string, more = '') => {
      const answer = await dataverse.get(`accounts?$apply=${encodeURIComponent(text)}${more}`, allAnnotations);
      expect([text, answer.status, answer.error.message]).toEqual([text, 200, '']);
      expect(answer.json['@odata.context']).toBe(`${dataverse.root}$metadata#accounts`);
      return answer.rows;
    };
    const formatted = (name: string) => `${name}@OData.Community.Display.V1.FormattedValue`;

    it('List of unique statuses in the query', async () => {
      expect(await apply('groupby((statuscode))')).toEqual([
        { [formatted('statuscode')]: 'Active', statuscode: 1 },
        { [formatted('statuscode')]: 'Inactive', statuscode: 2 },
      ]);
    });

    it('Count by status values', async () => {
      expect(await apply('groupby((statuscode),aggregate($count as count))')).toEqual([
        { [formatted('statuscode')]: 'Active', statuscode: 1, [formatted('count')]: '3', count: 3 },
        { [formatted('statuscode')]: 'Inactive', statuscode: 2, [formatted('count')]: '1', count: 1 },
      ]);
    });

    it('Aggregate sum of revenue, and average revenue based on status', async () => {
      expect(await apply('aggregate(revenue with sum as total)')).toMatchObject([{ [formatted('total')]: '$60.00', total: 60 }]);
      expect(await apply('groupby((statuscode),aggregate(revenue with average as mean))')).toMatchObject([
        { statuscode: 1, mean: 20, [formatted('mean')]: '$20.00' },
        { statuscode: 2 },
      ]);
    });

    it('Total account revenue by primary contact name', async () => {
      expect(await apply('groupby((primarycontactid/fullname),aggregate(revenue with sum as total))')).toMatchObject([
        {},
        { contact_fullname: 'Anna', total: 50 },
        { contact_fullname: 'Zoe', total: 10 },
      ]);
    });

    it(`Primary contact names for accounts in 'WA'`, async () => {
      expect(await apply(`filter(address1_stateorprovince eq 'WA')/groupby((primarycontactid/fullname))`)).toEqual([
        { contact_fullname: 'Anna' },
        { contact_fullname: 'Zoe' },
      ]);
    });

    it('First and last created record date and time', async () => {
      const [row] = await apply('aggregate(createdon with max as last,createdon with min as first)');
      expect(String(row?.last) >= String(row?.first)).toBe(true);
      expect(row?.[formatted('last')]).toMatch(/^\d+\/\d+\/\d{4} \d+:\d\d [AP]M$/);
    });

    it('Distinct column values: a group without a value lacks the property', async () => {
      expect(await apply('groupby((statecode,customertypecode))', '&$orderby=statecode desc')).toEqual([
        { [formatted('statecode')]: 'Inactive', statecode: 1 },
        { [formatted('statecode')]: 'Active', statecode: 0 },
        { [formatted('statecode')]: 'Active', statecode: 0, [formatted('customertypecode')]: 'Competitor', customertypecode: 1 },
        { [formatted('statecode')]: 'Active', statecode: 0, [formatted('customertypecode')]: 'Consultant', customertypecode: 2 },
      ]);
    });

    it.each([
      ['groupby((createdon))', '', 'groupby with datetime values is not supported'],
      ['groupby((statuscode),aggregate($count as n))', '&$orderby=n', 'The query node SingleValueOpenPropertyAccess is not supported'],
      ['aggregate(name with sum as x)', '', 'cannot be used with a property of type'],
      ['aggregate(revenue with median as x)', '', 'is not supported'],
      ['aggregate(nosuch with sum as x)', '', 'Could not find a property'],
      ['aggregate(revenue with sum as x,revenue with min as x)', '', 'more than once'],
      ['groupby(statuscode)', '', 'Syntax error'],
    ])('%s%s is refused with 0x80060888', async (text, more, message) => {
      const answer = await dataverse.get(`accounts?$apply=${text}${more}`);
      expect([answer.status, answer.error.code]).toEqual([400, '0x80060888']);
      expect(answer.error.message).toContain(message);
    });

    it('more than 50,000 rows are not aggregated', async () => {
      const many = await startTestDataverse();
      for (let batch = 0; batch < 26; batch += 1) {
        const Targets = Array.from({ length: 2000 }, () => ({ '@odata.type': 'Microsoft.Dynamics.CRM.lead', lastname: 'X' }));
        await many.post('leads/Microsoft.Dynamics.CRM.CreateMultiple', { Targets });
      }
      const answer = await many.get('leads?$apply=aggregate($count as n)');
      await many.close();
      expect([answer.status, answer.error.code]).toEqual([400, '0x8004e023']);
    }, 60_000);
  });
});
