import type { JsonObject } from '../support/http-json.ts';
import type { ChaosSource, World } from './world.ts';

interface CrmRecord extends JsonObject {
  readonly id: string;
  readonly deleted_at: string | null;
}

/** All records, the deleted ones too. Ids are text, also those of people. */
export const readCrm = async ({ crm }: ChaosSource, collection: 'companies' | 'people'): Promise<readonly CrmRecord[]> => {
  const text = await crm.getText(`/api/v1/${collection}?per_page=500&include_deleted=true`);
  return (JSON.parse(text.replace(/"(id|company_id)":(\d+)/g, '"$1":"$2"')) as { readonly data: readonly CrmRecord[] }).data;
};

/** Column of the row: field of the record. The mapping of crm.yaml, which takes every value over as it is. */
const columns = {
  accounts: {
    name: 'name',
    telephone1: 'phone',
    fax: 'fax',
    address1_city: 'city',
    address1_stateorprovince: 'region',
    address1_postalcode: 'postal_code',
  },
  contacts: {
    lastname: 'full_name',
    jobtitle: 'title',
    emailaddress1: 'email',
    telephone1: 'phone',
    mobilephone: 'mobile',
    address1_city: 'city',
    address1_postalcode: 'postal_code',
  },
} as const;
const collections = { accounts: 'companies', contacts: 'people' } as const;

/** What is right and what is wrong, one line for each difference; empty when both sides agree. */
export const differencesOf = async (world: World, source: ChaosSource): Promise<readonly string[]> => {
  const found: string[] = [];
  const rowIds = new Map<string, string>();
  for (const set of ['accounts', 'contacts'] as const) {
    const mapped = columns[set];
    const idColumn = set === 'accounts' ? 'accountid' : 'contactid';
    const parent = set === 'accounts' ? '' : ',_parentcustomerid_value';
    const select = `${idColumn},ccsync_sourcekey,ccsync_sourcecrmid,statecode,${Object.keys(mapped).join(',')}${parent}`;
    const rows = await world.dataverse.rows(set, `$select=${select}&$filter=startswith(ccsync_sourcekey,'${source.id}~')`);
    const byRecord = new Map<string, JsonObject[]>();
    for (const row of rows) {
      const recordId = String(row['ccsync_sourcecrmid']);
      byRecord.set(recordId, [...(byRecord.get(recordId) ?? []), row]);
    }
    const records = await readCrm(source, collections[set]);
    for (const record of records) {
      const [row, ...others] = byRecord.get(record.id) ?? [];
      byRecord.delete(record.id);
      if (others.length > 0) found.push(`${set} ${record.id} has ${others.length + 1} rows`);
      if (row !== undefined && set === 'accounts') rowIds.set(record.id, String(row['accountid']));
      const isActive = row !== undefined && row['statecode'] === 0;
      if (isActive !== (record.deleted_at === null)) {
        found.push(`${set} ${record.id} is ${isActive ? 'active' : 'not active'} and was deleted on ${record.deleted_at}`);
        continue;
      }
      if (!isActive) continue;
      for (const [column, field] of Object.entries(mapped)) {
        const [is, shouldBe] = [row[column] ?? null, record[field] ?? null];
        if (is !== shouldBe) found.push(`${set} ${record.id} ${column} is ${JSON.stringify(is)}, the CRM has ${JSON.stringify(shouldBe)}`);
      }
      const company = record['company_id'];
      if (set === 'contacts' && row['_parentcustomerid_value'] !== (rowIds.get(String(company)) ?? null)) {
        found.push(`contacts ${record.id} hangs on ${String(row['_parentcustomerid_value'])}, and not on ${String(company)}`);
      }
    }
    for (const recordId of byRecord.keys()) found.push(`${set} ${recordId} is in Dataverse and not in the CRM`);
  }
  return found;
};
