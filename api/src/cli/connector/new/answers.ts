import { readFile } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import { AppError } from '../../../errors/app-error.ts';
import { describeYamlErrors, readYaml } from '../../../yaml/read-yaml.ts';
import { compileShapeCheck } from '../../../yaml/schema-problems.ts';

const closed = { additionalProperties: false } as const;
const text = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });
const path = (description: string) => Type.String({ pattern: '^/', maxLength: 500, description });
/** Written as in a manifest, whose own check reads it. */
const asInManifest = (name: string) =>
  Type.Optional(Type.Unknown({ description: `\`${name}\` of the manifest, when the answer does not show it.` }));
const kind = <const Name extends string>(name: Name) => Type.Literal(name);

const signIns = [
  Type.Object({ kind: kind('none') }, closed),
  Type.Object(
    {
      kind: kind('apiKey'),
      in: Type.Optional(Type.Unsafe<'header' | 'query'>({ type: 'string', enum: ['header', 'query'] })),
      name: text('Name of the header or parameter.'),
    },
    closed,
  ),
  Type.Object({ kind: kind('bearer'), scheme: Type.Optional(text('The word before the token, when it is not Bearer.')) }, closed),
  Type.Object({ kind: kind('basic') }, closed),
  Type.Object(
    { kind: kind('oauth2'), tokenUrl: text('Where tokens are fetched.'), scope: Type.Optional(text('Scopes, separated by spaces.')) },
    closed,
  ),
] as const;

const SignIn = Type.Unsafe<Static<(typeof signIns)[number]>>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [...signIns],
  description: 'How requests sign in: none, apiKey, bearer, basic or oauth2 (client credentials).',
});

export const changesAs = ['iso', 'isoSeconds', 'epochSeconds', 'epochMs'] as const;

const TableAnswers = Type.Object(
  {
    path: path('Path of the list, e.g. /people.'),
    one: Type.Optional(path('Path of one record, e.g. /people/{{id}}; that of the list and /{{id}} when left out.')),
    link: Type.Optional(path('Path of the page where a person opens the record, e.g. /app/people/{{id}}.')),
    changes: Type.Optional(
      Type.Object(
        {
          parameter: text('The query parameter that takes a time, e.g. updated_since.'),
          as: Type.Optional(Type.Unsafe<(typeof changesAs)[number]>({ type: 'string', enum: [...changesAs] })),
        },
        { ...closed, description: 'How the list is asked for what changed; left out when it cannot be.' },
      ),
    ),
    records: asInManifest('records'),
    page: asInManifest('page'),
    id: asInManifest('id'),
    modified: asInManifest('modified'),
    deleted: asInManifest('deleted'),
    parent: asInManifest('parent'),
    map: asInManifest('map'),
  },
  closed,
);

const AnswersSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'Short name of the connector: lower-case letters, digits and -.' }),
    name: text('What people call the CRM.'),
    address: Type.String({
      pattern: '^https?://[^\\s?#]+$',
      description: 'What all paths are put behind, e.g. https://crm.example.com/api/v1.',
    }),
    signIn: SignIn,
    tables: Type.Object(
      { account: Type.Optional(TableAnswers), contact: Type.Optional(TableAnswers) },
      { ...closed, minProperties: 1, description: 'Where the CRM has companies (account) and people (contact).' },
    ),
  },
  closed,
);

export type Answers = Static<typeof AnswersSchema>;
export type TableAnswers = Static<typeof TableAnswers>;

const check = compileShapeCheck<Answers>(() => AnswersSchema);

/** Throws `connector.answers_invalid`, with the lines. */
export const readAnswers = async (file: string): Promise<Answers> => {
  const written = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('connector.answers_invalid', { file, problem: 'there is no such file, or it may not be read' }, error);
  });
  const reading = readYaml(written, check);
  if ('value' in reading) return reading.value;
  throw new AppError('connector.answers_invalid', { file, problem: describeYamlErrors(reading.errors) });
};
