import type { ColumnDescription, TableDescription } from '../../../api/src/dataverse/types.ts';
import { microsoftChoiceOf } from '../../../api/src/sync/microsoft/choice.ts';
import { compileMirror } from '../../../api/src/sync/microsoft/mirror.ts';
import type { MicrosoftSettings, Source } from '../../../api/src/sync/types.ts';
import { describeByHand, makeCrm } from '../../support/ports.ts';

const column = (logicalName: string, more: Partial<ColumnDescription>): [string, ColumnDescription] => [
  logicalName,
  { logicalName, type: 'String', maxLength: 100, displayName: logicalName, isValidForCreate: true, isValidForUpdate: true, ...more },
];
const options = [
  { value: 1, label: 'Salesforce', labels: ['Salesforce'] },
  { value: 2, label: 'Hand-made', labels: ['Hand-made', 'Handgemacht'] },
];
const described = (...columns: [string, ColumnDescription][]): TableDescription => ({
  ...describeByHand('contact'),
  columns: new Map(columns),
});
const microsoft = described(
  column('msdyn_source_crm', { type: 'Picklist', maxLength: null, options }),
  column('msdyn_source_crm_id', {}),
  column('msdyn_source_crm_url', { maxLength: 40 }),
);
const source = (sourceCrm?: MicrosoftSettings['sourceCrm']): Source => ({
  ...makeCrm('crm', () => 0).source,
  ...(sourceCrm === undefined ? {} : { microsoft: { sourceCrm, unadoptedRows: 'refuse' } }),
});
const record = { id: '7', modifiedOnMs: null, parentId: null, url: 'https://crm.example/7' };
const mirrored = (description: TableDescription, sourceCrm?: MicrosoftSettings['sourceCrm'], of = record): unknown =>
  JSON.parse(`{"name":null${compileMirror(source(sourceCrm), description).columnsJson(of)}}`);

describe('the option that stands for a source', () => {
  it.each([
    ['the one labelled as the connector, when nothing is configured', undefined, 2],
    ['the configured label, in any language and case', 'handGEMACHT', 2],
    ['the configured value', 1, 1],
    ['none, when the source is none of Microsoft’s business', false, null],
  ] as const)('is %s', (_title, configured, expected) => {
    expect(microsoftChoiceOf(source(configured), microsoft)).toBe(expected);
  });

  it('is refused when the configuration names one that the environment does not have, which it lists', () => {
    for (const wanted of ['Zendesk', 9]) {
      expect(() => microsoftChoiceOf(source(wanted), microsoft)).toThrow(
        expect.objectContaining({ code: 'source.microsoft_crm_unknown', help: expect.stringContaining('Salesforce (1), Hand-made (2)') }),
      );
    }
  });
});

describe('Microsoft’s columns beside ours', () => {
  it('are filled as Microsoft’s flows fill them', () => {
    expect(mirrored(microsoft)).toEqual({
      name: null,
      msdyn_source_crm: 2,
      msdyn_source_crm_id: '7',
      msdyn_source_crm_url: 'https://crm.example/7',
    });
  });

  it('are not sent where they are not there, or where the source has nothing to do with them', () => {
    expect(mirrored(described(column('name', {})))).toEqual({ name: null });
    expect(mirrored(microsoft, false)).toEqual({ name: null });
    expect(compileMirror(source(false), microsoft).mark).toBe('');
  });

  it('have id and address, and no choice, when no option fits', () => {
    const other = { ...source(), connector: { ...source().connector, displayName: 'Freshdesk' } };
    const { columnsJson } = compileMirror(other, microsoft);
    expect(JSON.parse(`{"name":null${columnsJson(record)}}`)).toEqual({
      name: null,
      msdyn_source_crm_id: '7',
      msdyn_source_crm_url: 'https://crm.example/7',
    });
  });

  it('are empty rather than cut when a value is too long', () => {
    const url = `https://crm.example/${'7'.repeat(40)}`;
    expect(mirrored(microsoft, 2, { ...record, id: '7'.repeat(101), url })).toMatchObject({
      msdyn_source_crm_id: null,
      msdyn_source_crm_url: null,
    });
  });

  it('are part of the content: another option is another mark', () => {
    expect(compileMirror(source(1), microsoft).mark).not.toBe(compileMirror(source(2), microsoft).mark);
  });
});
