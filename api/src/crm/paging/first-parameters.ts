import { asText } from '../expression/filters.ts';
import { compileValueTemplate } from '../expression/slots.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { PageBody } from '../manifest/schema/page.ts';
import type { PageAddress } from './pager.ts';
import type { Place } from './place.ts';

/**
 * What a list by cursor is asked for only while it has none, such as the time that it begins at. A list that begins with the cursor of
 * the last reading is beyond that.
 */
export const compileFirstParameters = (page: PageBody | undefined) => {
  const first = page?.kind === 'cursor' ? Object.entries(page.first ?? {}) : [];
  const templates = first.map(([name, value]) => [name, typeof value === 'number' ? () => value : compileValueTemplate(value)] as const);
  return (address: PageAddress, place: Place, scope: TemplateScope): PageAddress => {
    if (templates.length === 0 || place.at !== null || !('parameters' in address)) return address;
    const values = Object.fromEntries(
      templates.map(([name, value]) => {
        const rendered = value(scope);
        return [name, typeof rendered === 'number' ? rendered : asText(rendered)];
      }),
    );
    return { parameters: { ...address.parameters, values: { ...address.parameters.values, ...values } } };
  };
};
