import type { ConnectionBody } from '../../../crm/manifest/schema/connection.ts';

const inCell = (text: string): string => text.replaceAll('|', '\\|');

/** What the next admin needs: what to give, and how to see that it works. */
export const writeReadme = (options: {
  readonly id: string;
  readonly name: string;
  readonly connection: ConnectionBody;
  readonly notes: readonly string[];
}): string => {
  const { id, name, connection, notes } = options;
  const settings = Object.entries(connection.settings ?? {});
  const written = settings.map(([setting, { type, example }]) =>
    type === 'secret'
      ? `      ${setting}: { env: ${id.replaceAll('-', '_').toUpperCase()}_${setting.replaceAll(/([A-Z])/g, '_$1').toUpperCase()} }`
      : `      ${setting}: ${example ?? '…'}`,
  );
  return `${[
    `# ${name}`,
    '',
    'Companies become accounts, people become contacts. Nothing is ever written to the CRM.',
    '',
    '## Connect it',
    '',
    '| setting | what it is |',
    '| --- | --- |',
    ...settings.map(
      ([setting, { title, help }]) => `| \`${setting}\` | ${inCell([title, help].filter((text) => text !== undefined).join('. '))} |`,
    ),
    '',
    'In `crm-sync.yaml`:',
    '',
    '```yaml',
    'sources:',
    `  - id: ${id}`,
    '    connector: ./manifest.yaml # the path of this manifest, from where crm-sync.yaml stands',
    '    settings:',
    ...written,
    '```',
    '',
    `Then \`crm-sync connector check --source ${id}\`, \`crm-sync connector preview --source ${id}\` and \`crm-sync run --source ${id} --mode full\`.`,
    ...(notes.length === 0 ? [] : ['', '## To look at', '', ...notes.map((note) => `- ${note}`)]),
  ].join('\n')}\n`;
};
