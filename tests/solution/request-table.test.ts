import { readFileSync } from 'node:fs';
import { requestColumnBody } from '../../api/src/dataverse/setup/request-table-bodies.ts';
import { requestColumns, requestTable } from '../../api/src/dataverse/request-table.ts';
import { syncRequest } from '../../api/sandbox/src/dataverse/tables/sync-request.ts';
import { customizationsXml } from '../../solution/src/customizations.ts';
import { find, findAll, readXml, textOf, type XmlNode } from './support/read-xml.ts';

const customizations = readXml(customizationsXml('ccsync_CrmSync.SourceCrmSync'));
const table = (): XmlNode => {
  const found = findAll(customizations, 'entity').find(({ attributes }) => attributes.Name === 'ccsync_SyncRequest');
  if (!found) throw new Error('the solution has no table of requests');
  return found;
};
const columns = (): readonly XmlNode[] => findAll(find(table(), 'attributes'), 'attribute');
const own = (): readonly XmlNode[] => columns().filter((node) => textOf(node, 'IsCustomField') === '1');
const textIn = (node: XmlNode, name: string): string | undefined => node.children.find((child) => child.name === name)?.text;

describe('the table by which the control asks through Dataverse', () => {
  it('belongs to people, so that each sees own rows only, and keeps no audit of what was answered', () => {
    expect(textOf(table(), 'OwnershipTypeMask')).toBe('UserOwned');
    expect(textOf(table(), 'IsAuditEnabled')).toBe('0');
    for (const column of columns()) expect(textOf(column, 'IsAuditEnabled')).toBe('0');
  });

  it('is found under the names that the service and the control use', () => {
    expect(textOf(table(), 'EntitySetName')).toBe(requestTable.entitySetName);
    expect(table().attributes.Name?.toLowerCase()).toBe(requestTable.logicalName);
    const key = columns().find((node) => textOf(node, 'Type') === 'primarykey');
    expect(key && textOf(key, 'LogicalName')).toBe(requestTable.primaryIdColumn);
    const name = columns().filter((node) => textIn(node, 'DisplayMask')?.startsWith('PrimaryName|'));
    expect(name.map((node) => textOf(node, 'LogicalName'))).toEqual(['ccsync_name']);
  });

  it('has every column that the service reads and writes, and every one that the control does', () => {
    const control = readFileSync('pcf-control/SourceCrmSync/services/dataverseTransport.ts', 'utf8');
    const used = new Set([...Object.values(requestColumns), ...(control.match(/\bccsync_\w+/g) ?? [])]);
    used.delete(requestTable.logicalName);
    expect(used.size).toBeGreaterThan(8);
    expect(new Set(own().map((node) => textOf(node, 'LogicalName')))).toEqual(used);
  });

  it('has its columns with the types and lengths of the sandbox’s Dataverse', () => {
    const kinds = { String: 'nvarchar', Memo: 'ntext' } as const;
    const wanted = syncRequest.columns
      .filter(({ logicalName }) => logicalName.startsWith('ccsync_') && logicalName !== requestTable.primaryIdColumn)
      .map((column) => ({
        name: column.logicalName,
        type: column.type === 'String' || column.type === 'Memo' ? kinds[column.type] : column.type,
        maxLength: 'maxLength' in column ? String(column.maxLength) : undefined,
      }));
    const found = own().map((node) => ({
      name: textOf(node, 'LogicalName'),
      type: textOf(node, 'Type'),
      maxLength: textIn(node, 'MaxLength'),
    }));
    expect(found).toEqual(wanted);
    for (const node of own()) expect(Number(textOf(node, 'Length'))).toBe(2 * Number(textOf(node, 'MaxLength')));
  });

  it('is what set-up makes where there is no solution', () => {
    for (const node of own()) {
      if (textOf(node, 'LogicalName') === 'ccsync_name') continue;
      const body = requestColumnBody(textOf(node, 'LogicalName'), 1033);
      expect(body).toMatchObject({
        AttributeType: textOf(node, 'Type') === 'ntext' ? 'Memo' : 'String',
        SchemaName: node.attributes.PhysicalName,
        MaxLength: Number(textOf(node, 'MaxLength')),
        DisplayName: { LocalizedLabels: [{ Label: find(node, 'displaynames/displayname').attributes.description }] },
      });
    }
  });

  it('has a label and a description in words for each of its columns, and for itself', () => {
    for (const node of columns()) {
      expect(find(node, 'displaynames/displayname').attributes).toMatchObject({
        languagecode: '1033',
        description: expect.stringMatching(/\w/),
      });
      expect(find(node, 'Descriptions/Description').attributes.description).toMatch(/\w/);
    }
    expect(find(table(), 'LocalizedNames/LocalizedName').attributes.description).toBe(syncRequest.displayName);
    expect(find(table(), 'LocalizedCollectionNames/LocalizedCollectionName').attributes.description).toBe(
      syncRequest.displayCollectionName,
    );
  });

  it('hangs together with people as every table of people’s rows does', () => {
    const columnNames = columns().map((node) => node.attributes.PhysicalName);
    const relationships = findAll(customizations, 'EntityRelationship');
    expect(relationships.map((node) => textOf(node, 'ReferencingAttributeName'))).toEqual([
      'OwningBusinessUnit',
      'CreatedBy',
      'ModifiedBy',
      'OwnerId',
      'OwningTeam',
      'OwningUser',
    ]);
    for (const node of relationships) {
      expect(textOf(node, 'ReferencingEntityName')).toBe('ccsync_SyncRequest');
      expect(columnNames).toContain(textOf(node, 'ReferencingAttributeName'));
      expect(textOf(node, 'CascadeDelete')).toBe('NoCascade');
    }
  });
});

describe('the security roles', () => {
  const privilegesOf = (name: string): Readonly<Record<string, string | undefined>> => {
    const role = findAll(customizations, 'Role').find(({ attributes }) => attributes.name === name);
    if (!role) throw new Error(`the solution has no role ${name}`);
    const levels = findAll(role, 'RolePrivilege').map(({ attributes }) => [attributes.name ?? '', attributes.level] as const);
    return Object.fromEntries(levels);
  };

  it('agents may make, read and delete own requests and read own customers by theirs, and nothing else', () => {
    expect(privilegesOf('CRM Sync Agent')).toEqual({
      prvCreateccsync_SyncRequest: 'Basic',
      prvReadccsync_SyncRequest: 'Basic',
      prvDeleteccsync_SyncRequest: 'Basic',
      prvReadAccount: 'Basic',
      prvReadContact: 'Basic',
    });
  });

  it('the application user may answer everybody’s requests, write customers, and act as who asks, and nothing else', () => {
    const everybodys = (verbs: readonly string[], name: string) => Object.fromEntries(verbs.map((verb) => [`prv${verb}${name}`, 'Global']));
    const customers = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign'];
    expect(privilegesOf('CRM Sync Application')).toEqual({
      ...everybodys(['Read', 'Write', 'Delete'], 'ccsync_SyncRequest'),
      ...everybodys(customers, 'Account'),
      ...everybodys(customers, 'Contact'),
      ...everybodys(['Read'], 'User'),
      ...everybodys(['Read'], 'Team'),
      prvActOnBehalfOfAnotherUser: 'Global',
    });
  });

  it('are the same two in every release: an environment would get others beside them', () => {
    expect(findAll(customizations, 'Role').map(({ attributes }) => attributes.id)).toEqual([
      '{2b7c1f6e-43d5-4a0b-8f0e-6f1d5c9a7e31}',
      '{7d0e5b92-8c4f-4e57-9a86-0c3b2f61d4a8}',
    ]);
  });
});
