// api/docs/reference/conformance.md out of the checks' own texts.
import { checks } from '../api/src/crm/conformance/checks.ts';

const inCell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

export const conformanceReference = () => `# What the conformance kit checks

This page is made from the checks themselves (\`api/src/crm/conformance/checks/\`), by \`npm run generate\`. How to run them:
[Test a connector](../guides/test-a-connector.md).

| Check | The promise | How it is tried |
| --- | --- | --- |
${checks.map(({ id, promise, how }) => `| <a id="${id}"></a>\`${id}\` | ${inCell(promise)} | ${inCell(how)} |`).join('\n')}
`;
