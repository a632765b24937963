import { AppError } from '../../../errors/app-error.ts';
import type { Person } from '../ask-terminal.ts';
import type { Answers, TableAnswers } from './answers.ts';

const signInKinds = ['apiKey', 'bearer', 'basic', 'oauth2', 'none'] as const;

const askOne = async <const Value extends string>(person: Person, question: string, values: readonly Value[]): Promise<Value> => {
  for (;;) {
    const reply = await person.ask(`${question} (${values.join(', ')})`, values[0]);
    const found = values.find((value) => value === reply);
    if (found !== undefined) return found;
  }
};

const askSignIn = async (person: Person): Promise<Answers['signIn']> => {
  const kind = await askOne(person, 'How do requests sign in', signInKinds);
  switch (kind) {
    case 'apiKey': {
      const place = await askOne(person, 'Where does the key go', ['header', 'query']);
      return { kind, in: place, name: await person.ask('Name of the header or parameter', place === 'header' ? 'X-Api-Key' : 'api_key') };
    }
    case 'bearer': {
      const scheme = await person.ask('The word before the token in Authorization', 'Bearer');
      return scheme === 'Bearer' ? { kind } : { kind, scheme };
    }
    case 'oauth2': {
      const tokenUrl = await person.ask('Where are tokens fetched (address)');
      const scope = await person.ask('Scopes, separated by spaces; nothing for none');
      return { kind, tokenUrl, ...(scope === '' ? {} : { scope }) };
    }
    default:
      return { kind };
  }
};

const askTable = async (person: Person, what: string, usual: string): Promise<TableAnswers | null> => {
  const path = await person.ask(`Path of the list of ${what}; - when the CRM has none`, usual);
  if (path === '-') return null;
  const parameter = await person.ask(`Parameter by which that list gives only what changed since a time; nothing when there is none`);
  return { path: path.startsWith('/') ? path : `/${path}`, ...(parameter === '' ? {} : { changes: { parameter } }) };
};

const idFrom = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40) || 'my-crm';

/** The questions of a newcomer, in the order in which the documentation of a CRM answers them. */
export const askAnswers = async (person: Person): Promise<Answers> => {
  const name = await person.ask('What is the CRM called', 'My CRM');
  const id = await person.ask('Short name, in lower case', idFrom(name));
  const address = await person.ask('Address of its API, with what all paths have in common, e.g. https://crm.example.com/api/v1');
  if (!/^https?:\/\/[^\s?#]+$/.test(address) || !URL.canParse(address) || !/^[a-z][a-z0-9-]{0,39}$/.test(id))
    throw new AppError('connector.answers_invalid', {
      file: 'the terminal',
      problem: 'the address must begin with https://, and the short name may hold lower-case letters, digits and -',
    });
  const signIn = await askSignIn(person);
  const account = await askTable(person, 'companies', '/companies');
  const contact = await askTable(person, 'people', '/people');
  return { id, name, address, signIn, tables: { ...(account === null ? {} : { account }), ...(contact === null ? {} : { contact }) } };
};
