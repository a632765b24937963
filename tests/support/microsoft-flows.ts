import type { JsonObject } from './http-json.ts';
import type { Sandbox } from './sandbox.ts';

/** The option of `msdyn_source_crm` that the admin made for this CRM. */
export const northwindOption = { value: 77, label: 'Northwind' };

export interface CrmRecord extends JsonObject {
  readonly id: string;
}

/** All live records. Ids stay text: some are beyond what a number holds. */
export const readCrm = async ({ crm }: Sandbox, collection: 'companies' | 'people'): Promise<readonly CrmRecord[]> => {
  const records: CrmRecord[] = [];
  for (let page = 1; ; page += 1) {
    const body = await crm.getText(`/api/v1/${collection}?per_page=500&page=${page}`);
    const { data, total_pages } = JSON.parse(body.replace(/"(id|company_id)":(\d+)/g, '"$1":"$2"')) as {
      readonly data: readonly CrmRecord[];
      readonly total_pages: number;
    };
    records.push(...data);
    if (page >= total_pages) return records;
  }
};

const inChunks = <Item>(items: readonly Item[], size: number): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const createMany = async (
  { dataverse }: Sandbox,
  table: 'account' | 'contact',
  rows: readonly JsonObject[],
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const chunk of inChunks(rows, 1_000)) {
    const targets = chunk.map((row) => ({ '@odata.type': `Microsoft.Dynamics.CRM.${table}`, ...row }));
    const { Ids } = await dataverse.send<{ readonly Ids: readonly string[] }>('POST', `${table}s/Microsoft.Dynamics.CRM.CreateMultiple`, {
      Targets: targets,
    });
    ids.push(...Ids);
  }
  return ids;
};

const sourceColumns = (id: string, url: string): JsonObject => ({
  msdyn_source_crm: northwindOption.value,
  msdyn_source_crm_id: id,
  msdyn_source_crm_url: url,
});

export interface FlowRows {
  /** GUIDs by CRM id; the first is the one that was made first. */
  readonly accounts: ReadonlyMap<string, readonly string[]>;
  readonly contacts: ReadonlyMap<string, readonly string[]>;
}

export interface FlowOptions {
  readonly companies: readonly CrmRecord[];
  readonly people: readonly CrmRecord[];
  /** Every so many-th record comes a second time, as when its webhook was sent again. */
  readonly doubledEvery: number;
}

const remember = (into: Map<string, string[]>, records: readonly CrmRecord[], ids: readonly string[]): void =>
  records.forEach(({ id }, index) => into.set(id, [...(into.get(id) ?? []), ids[index] ?? '']));

/**
 * Rows as Microsoft's flows make them, through the Web API: the whole name in `lastname`, few columns, the parent bound by the GUID of
 * the row just made, contacts without an organisation on an account "-", a webhook that came twice as a second row.
 */
export const runMicrosoftFlows = async (sandbox: Sandbox, { companies, people, doubledEvery }: FlowOptions): Promise<FlowRows> => {
  const accounts = new Map<string, string[]>();
  const contacts = new Map<string, string[]>();
  const [dashId = ''] = await createMany(sandbox, 'account', [{ name: '-' }]);
  const toAccount = ({ id, name, phone }: CrmRecord): JsonObject => ({
    name,
    ...(typeof phone === 'string' ? { telephone1: phone } : {}),
    ...sourceColumns(id, `${sandbox.crmUrl}/companies/${id}`),
  });
  const toContact = ({ id, full_name, email, company_id }: CrmRecord): JsonObject => {
    const parents = typeof company_id === 'string' ? accounts.get(company_id) : undefined;
    return {
      lastname: String(full_name).slice(0, 50),
      ...(typeof email === 'string' && email !== '' ? { emailaddress1: email } : {}),
      // Of a doubled account the flow finds one or the other: here the newer.
      'parentcustomerid_account@odata.bind': `/accounts(${parents?.at(-1) ?? dashId})`,
      ...sourceColumns(id, `${sandbox.crmUrl}/people/${id}`),
    };
  };
  const isDoubled = (_record: CrmRecord, index: number): boolean => index % doubledEvery === 0;

  remember(accounts, companies, await createMany(sandbox, 'account', companies.map(toAccount)));
  const twice = companies.filter(isDoubled);
  remember(accounts, twice, await createMany(sandbox, 'account', twice.map(toAccount)));
  // The first few as single requests, as the incremental flows do.
  for (const person of people.slice(0, 20)) {
    const row = await sandbox.dataverse.send('POST', 'contacts?$select=contactid', toContact(person), { prefer: 'return=representation' });
    remember(contacts, [person], [String(row.contactid)]);
  }
  const rest = people.slice(20);
  remember(contacts, rest, await createMany(sandbox, 'contact', rest.map(toContact)));
  const twicePeople = people.filter(isDoubled);
  remember(contacts, twicePeople, await createMany(sandbox, 'contact', twicePeople.map(toContact)));
  return { accounts, contacts };
};

export const installMicrosoftConnector = async (sandbox: Sandbox): Promise<void> => {
  await sandbox.dataverse.setEnvironment({ isMicrosoftConnectorInstalled: true, sourceCrmChoices: [northwindOption] });
};
