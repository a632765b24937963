import { strFromU8, unzipSync } from 'fflate';
import { sourceColumns, sourceKey } from '../../api/sandbox/src/dataverse/tables/source-columns.ts';
import { buildSolution } from '../../solution/src/build-solution.ts';
import { type BuiltControl, readBuiltControl } from '../../solution/src/built-control.ts';
import { controlFiles, removeFolder, writeControl } from './support/control.ts';
import { find, findAll, readXml, textOf, type XmlNode } from './support/read-xml.ts';

const scriptPath = 'WebResources/ccsync_scriptsform-eventsjs6F0B0C52-6C1C-4C0E-9A53-5A3C1F4D7E21';
const controlName = 'ccsync_CrmSync.SourceCrmSync';

describe('the solution package', () => {
  let folder: string;
  let control: BuiltControl;
  let files: Readonly<Record<string, Uint8Array>>;
  beforeAll(async () => {
    folder = await writeControl();
    control = readBuiltControl(folder);
    files = unzipSync(build(true).bytes);
  });
  afterAll(() => removeFolder(folder));

  const build = (isManaged: boolean, packageVersion = '1.2.3') => buildSolution({ control, packageVersion, isManaged });
  const textOfFile = (path: string): string => strFromU8(files[path] ?? new Uint8Array());
  const xmlOf = (path: string): XmlNode => readXml(textOfFile(path));

  it('is named after the solution, its version and its kind', () => {
    expect(build(true).name).toBe('CrmSyncForContactCenter_1.2.3_managed.zip');
    expect(build(false).name).toBe('CrmSyncForContactCenter_1.2.3_unmanaged.zip');
  });

  it('holds what Dataverse’s own exports hold, under the names that import looks for', () => {
    expect(Object.keys(files)).toEqual([
      'customizations.xml',
      '[Content_Types].xml',
      'solution.xml',
      ...Object.keys(controlFiles)
        .sort()
        .map((path) => `Controls/${controlName}/${path}`),
      `${scriptPath}`,
      'environmentvariabledefinitions/ccsync_ApiUrl/environmentvariabledefinition.xml',
    ]);
    for (const path of Object.keys(files)) expect(path).not.toContain('\\');
  });

  it('passes the control on unchanged', () => {
    for (const [path, text] of Object.entries(controlFiles)) expect(textOfFile(`Controls/${controlName}/${path}`)).toBe(text);
  });

  it('has no file whose kind is not declared', () => {
    const types = xmlOf('[Content_Types].xml');
    expect(types.attributes.xmlns).toBe('http://schemas.openxmlformats.org/package/2006/content-types');
    const declared = findAll(types, 'Default').map(({ attributes }) => attributes.Extension);
    expect(new Set(declared).size).toBe(declared.length);
    for (const path of Object.keys(files)) if (path !== scriptPath) expect(declared).toContain(path.split('.').pop());
    expect(findAll(types, 'Override').map(({ attributes }) => attributes.PartName)).toEqual([
      `/Controls/${controlName}/ControlManifest.xml`,
      `/${scriptPath}`,
    ]);
  });

  it('says who made it, which version it is and what is in it', () => {
    const manifest = find(xmlOf('solution.xml'), 'SolutionManifest');
    expect(manifest.children.map(({ name }) => name)).toEqual([
      'UniqueName',
      'LocalizedNames',
      'Descriptions',
      'Version',
      'Managed',
      'Publisher',
      'RootComponents',
      'MissingDependencies',
    ]);
    expect(textOf(manifest, 'UniqueName')).toBe('CrmSyncForContactCenter');
    expect(textOf(manifest, 'Version')).toBe('1.2.3.0');
    expect(textOf(manifest, 'Publisher/CustomizationPrefix')).toBe('ccsync');
    expect(textOf(manifest, 'Publisher/CustomizationOptionValuePrefix')).toBe('86340');
    expect(findAll(manifest, 'Address')).toHaveLength(2);
    expect(findAll(manifest, 'RootComponent').map(({ attributes }) => attributes)).toEqual([
      { type: '1', schemaName: 'account', behavior: '2' },
      { type: '1', schemaName: 'contact', behavior: '2' },
      { type: '1', schemaName: 'ccsync_syncrequest', behavior: '0' },
      { type: '9', schemaName: 'ccsync_syncstatus', behavior: '0' },
      { type: '20', id: '{2b7c1f6e-43d5-4a0b-8f0e-6f1d5c9a7e31}', behavior: '0' },
      { type: '20', id: '{7d0e5b92-8c4f-4e57-9a86-0c3b2f61d4a8}', behavior: '0' },
      { type: '61', schemaName: 'ccsync_/scripts/form-events.js', behavior: '0' },
      { type: '66', schemaName: controlName, behavior: '0' },
    ]);
  });

  it('has its customizations in the order of Dataverse’s own exports', () => {
    expect(xmlOf('customizations.xml').children.map(({ name }) => name)).toEqual([
      'Entities',
      'Roles',
      'Workflows',
      'FieldSecurityProfiles',
      'Templates',
      'EntityMaps',
      'EntityRelationships',
      'OrganizationSettings',
      'optionsets',
      'WebResources',
      'CustomControls',
      'EntityDataProviders',
      'Languages',
    ]);
  });

  it('lists every table, choice, role and control that it brings, and no other', () => {
    const customizations = xmlOf('customizations.xml');
    const brought = [
      ...findAll(customizations, 'entity').map(({ attributes }) => attributes.Name?.toLowerCase()),
      ...findAll(find(customizations, 'optionsets'), 'optionset').map(({ attributes }) => attributes.Name),
      ...findAll(customizations, 'Role').map(({ attributes }) => attributes.id),
      ...findAll(customizations, 'WebResource').map((node) => textOf(node, 'Name')),
      ...findAll(customizations, 'CustomControl').map((node) => textOf(node, 'Name')),
    ];
    expect(findAll(xmlOf('solution.xml'), 'RootComponent').map(({ attributes }) => attributes.schemaName ?? attributes.id)).toEqual(
      brought,
    );
  });

  it('points to the form’s script where it is', () => {
    expect(textOf(xmlOf('customizations.xml'), 'WebResources/WebResource/FileName')).toBe(`/${scriptPath}`);
    expect(textOfFile(scriptPath)).toContain('CrmSync');
  });

  it('points to the control’s manifest where it is', () => {
    const path = textOf(xmlOf('customizations.xml'), 'CustomControls/CustomControl/FileName');
    expect(path.startsWith('/')).toBe(true);
    expect(Object.keys(files)).toContain(path.slice(1));
  });

  describe.each(['Account', 'Contact'])('on the table %s', (table) => {
    const entity = (): XmlNode => {
      const found = findAll(xmlOf('customizations.xml'), 'entity').find(({ attributes }) => attributes.Name === table);
      if (!found) throw new Error(`no ${table}`);
      return found;
    };
    const attributes = () => findAll(find(entity(), 'attributes'), 'attribute');

    it('adds the columns that the sync writes, as the sandbox’s Dataverse has them', () => {
      const added = attributes().map((node) => ({
        logicalName: textOf(node, 'LogicalName'),
        schemaName: node.attributes.PhysicalName,
        displayName: find(node, 'displaynames/displayname').attributes.description,
        maxLength: node.children.find(({ name }) => name === 'MaxLength')?.text,
      }));
      expect(added).toEqual(
        sourceColumns.map((column) => ({
          logicalName: column.logicalName,
          schemaName: column.schemaName,
          displayName: column.displayName,
          maxLength: 'maxLength' in column ? String(column.maxLength) : undefined,
        })),
      );
    });

    it('gives each column the elements of its type', () => {
      const ofType = (node: XmlNode) => [textOf(node, 'Type'), node.children.find(({ name }) => name === 'Format')?.text];
      expect(attributes().map(ofType)).toEqual([
        ['nvarchar', 'text'],
        ['nvarchar', 'text'],
        ['nvarchar', 'text'],
        ['nvarchar', 'url'],
        ['datetime', 'datetime'],
        ['datetime', 'datetime'],
        ['picklist', undefined],
      ]);
      for (const node of attributes()) {
        const length = node.children.find(({ name }) => name === 'Length')?.text;
        if (textOf(node, 'Type') === 'nvarchar') expect(Number(length)).toBe(2 * Number(textOf(node, 'MaxLength')));
        if (textOf(node, 'Type') === 'datetime') expect(textOf(node, 'Behavior')).toBe('1');
        if (textOf(node, 'Type') === 'picklist') expect(textOf(node, 'OptionSetName')).toBe('ccsync_syncstatus');
        expect(textOf(node, 'LogicalName')).toBe(node.attributes.PhysicalName?.toLowerCase());
      }
    });

    it('adds the alternate key, over columns that it adds too', () => {
      expect(entity().children.map(({ name }) => name)).toEqual(['attributes', 'EntityKeys']);
      const keys = findAll(entity(), 'EntityKey');
      expect(keys.map((key) => [textOf(key, 'LogicalName'), textOf(key, 'Name')])).toEqual([[sourceKey.logicalName, sourceKey.schemaName]]);
      const keyColumns = findAll(entity(), 'AttributeName').map(({ text }) => text);
      expect(keyColumns).toEqual(sourceKey.columns);
      expect(attributes().map((node) => textOf(node, 'LogicalName'))).toEqual(expect.arrayContaining(keyColumns));
    });
  });

  it('numbers the choices under the publisher’s prefix, with the words of the sandbox’s Dataverse', () => {
    const options = findAll(xmlOf('customizations.xml'), 'option').map((node) => ({
      value: Number(node.attributes.value),
      label: find(node, 'labels/label').attributes.description,
    }));
    const status = sourceColumns.find(({ logicalName }) => logicalName === 'ccsync_syncstatus');
    expect(status).toMatchObject({ options });
    for (const { value } of options) expect(Math.floor(value / 10_000)).toBe(86_340);
  });

  it('asks for the API’s address as an environment variable, and brings no value for it', () => {
    const variable = xmlOf('environmentvariabledefinitions/ccsync_ApiUrl/environmentvariabledefinition.xml');
    expect(variable.attributes.schemaname).toBe('ccsync_ApiUrl');
    expect(textOf(variable, 'type')).toBe('100000000');
    expect(variable.children.some(({ name }) => name === 'defaultvalue')).toBe(false);
    expect(Object.keys(files).some((path) => path.endsWith('environmentvariablevalues.json'))).toBe(false);
  });

  it('is the same, managed or not, but for the word that says so', () => {
    const unmanaged = unzipSync(build(false).bytes);
    expect(Object.keys(unmanaged)).toEqual(Object.keys(files));
    for (const [path, bytes] of Object.entries(unmanaged)) {
      const text = strFromU8(bytes);
      if (path === 'solution.xml') expect(text.replace('<Managed>0</Managed>', '<Managed>1</Managed>')).toBe(textOfFile(path));
      else expect(text).toBe(textOfFile(path));
    }
    expect(strFromU8(unmanaged['solution.xml'] ?? new Uint8Array())).toContain('<Managed>0</Managed>');
  });

  it('is the same bytes every time it is built', async () => {
    const elsewhere = await writeControl();
    const again = buildSolution({ control: readBuiltControl(elsewhere), packageVersion: '1.2.3', isManaged: true });
    await removeFolder(elsewhere);
    expect(Buffer.from(again.bytes).equals(build(true).bytes)).toBe(true);
  });

  it.each(['1.2', '1.2.3-beta.1', '1.2.3.4', 'v1.2.3'])('cannot have the version %s', (version) => {
    expect(() => build(true, version)).toThrow(`The version ${version} cannot be a solution's`);
  });

  it('is not made of a control of another version, which an environment would not take over', () => {
    expect(() => build(true, '1.2.4')).toThrow('The control has version 1.2.3 and the package 1.2.4');
  });
});
