import { readyTables } from '../../../../api/src/crm/manifest/with-defaults.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import { fieldsMissing } from '../../../../api/src/crm/kit/fields-missing.ts';
import { checks } from '../../../../api/src/crm/conformance/checks.ts';
import { openSubject as openHubSpot } from './subjects/hubspot.ts';
import { openSubject as openNorthwind } from './subjects/northwind.ts';
import { openSubject as openSalesforce } from './subjects/salesforce.ts';
import { openSubject as openServiceNow } from './subjects/servicenow.ts';
import type { Subject } from './subjects/subject.ts';
import { openSubject as openZendesk } from './subjects/zendesk.ts';
import { namesOf, never, runKit, told } from './support/run-kit.ts';

/** What can be tried for neither of its tables, and why that is right: a check that is not run proves nothing. */
const subjects: readonly (readonly [string, () => Promise<Subject>, readonly string[]])[] = [
  // No token, no list of ids alone.
  ['Northwind', openNorthwind, ['sweep', 'changes-go-on']],
  // No token; Salesforce decides how long pages are.
  ['Salesforce', openSalesforce, ['changes-go-on', 'cut-page']],
  // No token, no total of the whole list.
  ['ServiceNow', openServiceNow, ['total', 'changes-go-on']],
  // No token, no total.
  ['HubSpot', openHubSpot, ['total', 'changes-go-on']],
  ['Zendesk', openZendesk, ['total', 'sweep']],
];

const triedNowhere = (results: Awaited<ReturnType<typeof runKit>>): readonly string[] => {
  const tried = new Set([...namesOf(results, 'passed'), ...namesOf(results, 'failed')].map((name) => name.split(' ')[1]));
  return checks.map(({ id }) => id).filter((id) => !tried.has(id));
};

describe('the conformance kit passes for the connector of', () => {
  it.each(subjects)('%s, against its sandbox', async (_name, open, nowhere) => {
    const subject = await open();
    try {
      const results = await runKit(subject);
      expect(told(results, 'failed')).toEqual([]);
      expect(triedNowhere(results)).toEqual(nowhere);
    } finally {
      await subject.close();
    }
  });
});

/** Of an organisation with several currencies, or with middle names and suffixes switched on. */
const onlySomeHave: ReadonlySet<string> = new Set(['CurrencyIsoCode', 'MiddleName', 'Suffix']);

describe('the fields that a connector reads are known to', () => {
  it.each(subjects.filter(([name]) => name !== 'Northwind'))('%s, as it describes them', async (_name, open) => {
    const subject = await open();
    try {
      const connector = openConnector({ ...subject.connection, manifest: subject.manifest });
      for (const [name, table] of readyTables(subject.manifest)) {
        const known = await connector.table(name).listFields?.(never);
        expect(known?.fields.length).toBeGreaterThan(0);
        const missing = known === undefined ? [] : fieldsMissing(table, known).map(({ path }) => path);
        expect(missing.filter((path) => !onlySomeHave.has(path))).toEqual([]);
      }
    } finally {
      await subject.close();
    }
  });
});
