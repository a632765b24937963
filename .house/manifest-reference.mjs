// api/docs/reference/manifest.md out of the manifest's JSON Schema and the lists of filters and transforms.
import { filters } from '../api/src/crm/expression/filters.ts';
import { manifestJsonSchema } from '../api/src/crm/manifest/schema.ts';
import { transforms } from '../api/src/crm/value/transforms/registry.ts';

const inCell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
const code = (text) => `\`${text}\``;
/** As GitHub makes a heading's anchor. */
const anchor = (title) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const schema = manifestJsonSchema();
const nameOf = (ref) => ref.replace('#/definitions/', '');

/** Pages still to be written, because something named them. */
const sections = [];
const addSection = (title, body) => {
  if (!sections.some((section) => section.title === title)) sections.push({ title, body });
  return `[${title}](#${anchor(title)})`;
};

const shapeOf = (body, name) => {
  if (body.$ref) return `[${nameOf(body.$ref)}](#${anchor(nameOf(body.$ref))})`;
  if (body.const !== undefined) return code(body.const);
  if (body.enum) return body.enum.map(code).join(', ');
  if (body.anyOf) return [...new Set(body.anyOf.map((option) => shapeOf(option, name)))].join(' or ');
  if (body.oneOf) return addSection(name, body);
  if (body.type === 'array') return `list of ${shapeOf(body.items, name)}`;
  if (body.type === 'object' && body.properties) return addSection(name, body);
  if (body.type === 'object' && body.patternProperties)
    return `mapping of names to ${shapeOf(Object.values(body.patternProperties)[0], name)}`;
  if (body['x-expression'])
    return (
      { dateFormat: 'date format', pathTemplate: 'template', urlTemplate: 'template', headerTemplate: 'template' }[body['x-expression']] ??
      body['x-expression']
    );
  return { string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false' }[body.type] ?? 'anything';
};

const exampleOf = ({ examples }) =>
  examples?.length ? code(typeof examples[0] === 'string' ? examples[0] : JSON.stringify(examples[0])) : '';

const tableOf = (body, title) => {
  const required = new Set(body.required ?? []);
  const rows = Object.entries(body.properties).map(([name, property]) => {
    const section = `${title === 'Manifest' ? '' : `${title}.`}${name}`;
    return `| ${code(name)}${required.has(name) ? ' (needed)' : ''} | ${inCell(shapeOf(property, section))} | ${inCell(property.description ?? '')} | ${inCell(exampleOf(property))} |`;
  });
  return `| Name | What | Meaning | Example |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
};

const kindsOf = (body, title) =>
  body.oneOf
    .map((option) => {
      const kind = option.properties.kind.const;
      const properties = Object.fromEntries(Object.entries(option.properties).filter(([name]) => name !== 'kind'));
      const table = Object.keys(properties).length === 0 ? '' : tableOf({ ...option, properties }, `${title}.${kind}`);
      return `#### kind: ${kind}\n\n${option.description}\n\n${table}`;
    })
    .join('\n');

const writeSection = ({ title, body }) => {
  const text = body.oneOf ? kindsOf(body, title) : body.properties ? tableOf(body, title) : `${shapeOf(body, title)}\n`;
  return `### ${title}\n\n${body.description ?? ''}\n\n${text}`;
};

/** Sections name others while they are written, so the list grows under the loop. */
const writeAll = () => {
  addSection('Manifest', schema);
  const written = [];
  for (let position = 0; position < sections.length; position += 1) {
    written.push(writeSection(sections[position]));
    if (position === 0) for (const [title, body] of Object.entries(schema.definitions)) addSection(title, body);
  }
  return written.join('\n');
};

const transformRows = () => [...transforms].map(([name, { description }]) => `| ${code(name)} | ${inCell(description)} |`).join('\n');
const filterRows = () =>
  Object.entries(filters)
    .map(([name, { description, example }]) => `| ${code(example === '' ? name : example)} | ${inCell(description)} |`)
    .join('\n');

export const manifestReference = () => `# The manifest, all of it

This page is made from the schema that checks manifests, by \`npm run generate\`. To begin with a connector, copy
[rest-template](../../connectors/rest-template/README.md). An editor that knows \`api/connectors/manifest.schema.json\` shows the same
texts while you write.

## Expressions

- A **path** leads to a value: \`a.b[0]\`, \`list[*].id\`, \`emails[?primary == true].value\`, \`["odd name"]\`, \`$\` for the whole.
- A **condition** compares: \`a == "x" && (b != null || tags has "y")\`.
- A **template** is text with \`{{…}}\`: \`settings.name\`, \`id\`, \`ids\`, \`from\`, \`to\`, \`record.name\`, \`keys\`, \`last.id\`, \`last.modified\`,
  \`page.at\`, \`page.size\`, \`token\`, \`entity\`, \`fields\`, \`found.name\`. Which of them are known depends on the place. Values are escaped by
  where they stand; what cannot be escaped is refused.

| Filter | Meaning |
| --- | --- |
${filterRows()}

## Transforms

Used in \`via\` of a mapping, one after another. Empty values reach none of them but \`default\`.

| Transform | Meaning |
| --- | --- |
${transformRows()}

## Parts

${writeAll()}`;
