import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from '../../crm/support/crm-server.ts';

export const unknownToken = 'tok-9f31c7e2b8';

export interface UnknownPerson {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly emails: readonly { readonly address: string; readonly main: boolean }[];
  readonly phones: readonly { readonly kind: string; readonly number: string }[];
  readonly company_no: string | null;
  readonly created: number;
  changed: number | null;
}

export interface UnknownCompany {
  readonly id: string;
  readonly company_name: string;
  readonly number: string;
  readonly street: string;
  readonly city: string;
  readonly created: number;
  changed: number | null;
}

export interface UnknownCrm extends CrmServer {
  readonly companies: readonly UnknownCompany[];
  readonly people: UnknownPerson[];
  /** Changes a person as somebody in the CRM would. */
  touch(id: string, changes: Partial<Pick<UnknownPerson, 'given' | 'family' | 'emails'>>): void;
  remove(id: string): void;
}

/** Whatever is asked for. */
const mostPerPage = 25;
const firstSecond = Date.parse('2026-01-05T08:00:00Z') / 1000;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const companiesOf = (count: number): UnknownCompany[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `c${700 + at}`,
    company_name: `Handelshaus Quellenhof ${at}`,
    number: `K-${1000 + at}`,
    street: `Lindenallee ${at + 1}`,
    city: 'Klagenfurt',
    created: firstSecond + at * 60,
    changed: null,
  }));

const peopleOf = (count: number, companies: readonly UnknownCompany[]): UnknownPerson[] =>
  Array.from({ length: count }, (_, at) => ({
    id: String(50_000 + at),
    given: 'Ottilie',
    family: `Brandstetter${at}`,
    emails: [
      { address: `office${at}@quellenhof.example`, main: false },
      { address: `Ottilie.Brandstetter${at}@quellenhof.example`, main: true },
    ],
    phones: [
      { kind: 'office', number: `+43 463 7001${String(at).padStart(3, '0')}` },
      { kind: 'mobile', number: `+43 664 5550${String(at).padStart(3, '0')}` },
    ],
    company_no: at % 10 === 9 ? null : (companies[(at * 7) % companies.length]?.number ?? null),
    created: firstSecond + at * 60,
    changed: null,
  }));

type Known = { readonly id: string; readonly created: number; readonly changed: number | null };

/** Numbered pages, cut to 25 whatever is asked for; behind the last one HTTP 422. */
const listOf = <Item extends Known>(items: readonly Item[], { query }: CrmRequest): CrmReply => {
  const after = Number(query.get('changed_after') ?? 0);
  const found = items.filter(({ changed, created }) => (changed ?? created) >= after);
  const size = Math.min(mostPerPage, Number(query.get('limit') ?? mostPerPage));
  const page = Number(query.get('page') ?? 1);
  const some = found.slice((page - 1) * size, page * size);
  if (some.length === 0 && page > 1) return { status: 422, body: { error: 'page out of range' } };
  return { body: { items: some, page } };
};

/** Who is gone is “forbidden”. */
const oneOf = <Item extends Known>(items: readonly Item[], id: string): CrmReply => {
  const item = items.find((one) => one.id === id);
  return item === undefined ? { status: 403, body: { error: 'no access' } } : { body: { item } };
};

/** A CRM that nobody has a connector for, with habits that its documentation mentions in passing. */
export const startUnknownCrm = async ({ companies: companyCount = 60, people: peopleCount = 70 } = {}): Promise<UnknownCrm> => {
  const companies = companiesOf(companyCount);
  const people = peopleOf(peopleCount, companies);
  const answer = (request: CrmRequest): CrmReply => {
    if (request.headers.authorization !== `Quell-Token ${unknownToken}`) return { status: 401, body: { error: 'who are you?' } };
    const [, collection, id] = /^\/v2\/(customers|persons)(?:\/([^/]+))?$/.exec(request.path) ?? [];
    if (collection === undefined) return { status: 404, body: { error: 'no such path' } };
    if (id !== undefined) return oneOf<Known>(collection === 'customers' ? companies : people, decodeURIComponent(id));
    const numbers = request.query.get('numbers')?.split(',');
    if (collection === 'persons') return listOf(people, request);
    return listOf(numbers === undefined ? companies : companies.filter(({ number }) => numbers.includes(number)), request);
  };
  const server = await startCrm(answer);
  return {
    ...server,
    companies,
    people,
    touch: (id, changes) => {
      const at = people.findIndex((person) => person.id === id);
      const before = people[at];
      if (before !== undefined) people[at] = { ...before, ...changes, changed: nowSeconds() };
    },
    remove: (id) => {
      people.splice(
        people.findIndex((person) => person.id === id),
        1,
      );
    },
  };
};
