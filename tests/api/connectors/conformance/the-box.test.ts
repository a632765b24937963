import { checks } from '../../../../api/src/crm/conformance/checks.ts';
import { openSubject as openHubSpot } from './subjects/hubspot.ts';
import { openSubject as openNorthwind } from './subjects/northwind.ts';
import { openSubject as openSalesforce } from './subjects/salesforce.ts';
import { openSubject as openServiceNow } from './subjects/servicenow.ts';
import { isInTheBox, type Subject } from './subjects/subject.ts';
import { openSubject as openZendesk } from './subjects/zendesk.ts';
import { namesOf, runKit, told } from './support/run-kit.ts';

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
      // A draft is shorter than the connector that comes after it, so more of it cannot be tried.
      if (isInTheBox(subject.manifest.id)) expect(triedNowhere(results)).toEqual(nowhere);
    } finally {
      await subject.close();
    }
  });
});
