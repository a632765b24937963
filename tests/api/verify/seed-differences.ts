import type { JsonObject } from '../../support/http-json.ts';
import type { Product } from '../../support/product.ts';

/** What rows of the sandbox's CRM say they come from. */
export const crmName = 'Northwind Traders CRM';

/** Ids of people, by what was done to them or their rows. */
export interface SeededDifferences {
  readonly missing: readonly string[];
  readonly stale: readonly string[];
  readonly edited: readonly string[];
  readonly orphaned: readonly string[];
  /** GUIDs of the rows that are one too many. */
  readonly doubledRows: readonly string[];
}

export const rowOf = async ({ sandbox }: Product, recordId: string): Promise<JsonObject> => {
  const row = await sandbox.dataverse.rowByKey('contacts', `northwind~${recordId}`);
  if (row === undefined) throw new Error(`there is no row of ${recordId}`);
  return row;
};

export const addressOf = async (product: Product, recordId: string): Promise<string> =>
  `contacts(${String((await rowOf(product, recordId)).contactid)})`;

/** Makes a row as somebody would by hand, and gives its GUID. */
export const addRow = async ({ sandbox: { dataverse } }: Product, columns: JsonObject): Promise<string> => {
  const { contactid } = await dataverse.send('POST', 'contacts', columns, { prefer: 'return=representation' });
  return String(contactid);
};

/** The first people of the CRM, by id; beyond 2^53 numbers would not survive, so the text is read. */
const firstPeople = async ({ sandbox: { crm } }: Product, count: number): Promise<readonly string[]> =>
  [...(await crm.getText(`/api/v1/people?per_page=${count}`)).matchAll(/"id":(\d+)/g)].map(([, id = '']) => id);

/** So many of each kind, at most 100, on the CRM's first people, which a full run has brought to Dataverse before. */
export const seedDifferences = async (product: Product, ofEach: number): Promise<SeededDifferences> => {
  const { crm, dataverse } = product.sandbox;
  const ids = await firstPeople(product, 5 * ofEach);
  const people = (kind: number): readonly string[] => ids.filter((_, index) => index % 5 === kind);
  const seeded = { missing: people(0), stale: people(1), edited: people(2), orphaned: people(3), doubled: people(4) };
  for (const id of seeded.missing) await dataverse.send('DELETE', await addressOf(product, id));
  for (const id of seeded.stale) await crm.patch('people', id, { title: `Chief ${id}` });
  for (const id of seeded.edited) await dataverse.send('PATCH', await addressOf(product, id), { lastname: 'Edited by hand' });
  for (const id of seeded.orphaned) await crm.delete('people', id);
  const doubledRows: string[] = [];
  for (const id of seeded.doubled) {
    doubledRows.push(await addRow(product, { lastname: 'Double', ccsync_sourcecrm: crmName, ccsync_sourcecrmid: id }));
  }
  return { ...seeded, doubledRows };
};
