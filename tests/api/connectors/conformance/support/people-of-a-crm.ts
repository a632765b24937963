import type { KitConnection } from '../../../../../api/src/crm/conformance/open-beds.ts';
import type { CrmChanger } from '../../../../../api/src/crm/conformance/types.ts';
import type { Manifest } from '../../../../../api/src/crm/manifest/schema/manifest.ts';
import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from '../../../crm/support/crm-server.ts';
import { peopleManifest, secretKey } from '../../../crm/support/people-crm.ts';
import { createSharedTime } from '../subjects/subject.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly updated: string | null;
  readonly company: number;
  readonly companyName: string;
}

export type Contact = NonNullable<Manifest['tables']['contact']>;

/** The CRM’s people; a test may change how it answers, and what a change does to them. */
export interface PeopleCrm {
  people: Person[];
  now(): string;
}

export interface PeopleCrmOptions {
  /** Its own answer to some requests; null: the usual one. */
  readonly answer?: (request: CrmRequest, crm: PeopleCrm, usual: () => CrmReply) => CrmReply | null;
  readonly table?: Partial<Contact>;
  /** The table of companies; there is none when left out. */
  readonly account?: Manifest['tables']['account'];
  readonly manifest?: Partial<Manifest>;
  readonly changer?: (crm: PeopleCrm) => Partial<CrmChanger>;
}

const peopleCount = 24;
const hourMs = 3_600_000;

/** Some have one time, six each; ids are not in the order of times. */
const makePeople = (nowMs: number): Person[] =>
  Array.from({ length: peopleCount }, (_, position) => ({
    id: 1000 + position,
    name: `Person ${position}`,
    updated: new Date(nowMs - hourMs * (1 + ((position * 7) % 4))).toISOString(),
    company: 1 + (position % 3),
    companyName: `Company ${1 + (position % 3)}`,
  }));

const timeOf = ({ updated }: Person): number => (updated === null ? 0 : Date.parse(updated));

const pageOf = ({ query, path }: CrmRequest, people: readonly Person[]): CrmReply => {
  const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);
  const ids = query.get('ids')?.split(',').map(Number);
  const from = Date.parse(query.get('from') ?? '') || 0;
  const to = Date.parse(query.get('to') ?? '') || Number.POSITIVE_INFINITY;
  const found = people
    .filter((person) => ids?.includes(person.id) ?? true)
    .filter((person) => timeOf(person) >= from && timeOf(person) < to && person.id > number('after', 0))
    .toSorted((one, other) => (query.get('sort') === 'updated' ? timeOf(one) - timeOf(other) || one.id - other.id : one.id - other.id));
  const size = Math.min(number('size', 100), 100);
  const start = number('cursor', number('offset', (number('page', 1) - 1) * size));
  const data = found.slice(start, start + size);
  const end = start + data.length;
  const isLast = end >= found.length;
  const next = new URLSearchParams(query);
  next.set('cursor', String(end));
  return {
    body: {
      data,
      total: found.length,
      remaining: found.length - start,
      more: !isLast,
      cursor: isLast ? null : String(end),
      next: isLast ? null : `${path}?${next.toString()}`,
    },
  };
};

const answer = (request: CrmRequest, { people }: PeopleCrm): CrmReply => {
  const id = /^\/people\/(.+)$/.exec(request.path)?.[1];
  if (request.headers['x-key'] !== secretKey && request.query.get('key') !== secretKey) return { status: 401, body: {} };
  if (request.path === '/companies')
    return { body: { data: [1, 2, 3].map((company) => ({ id: company, name: `Company ${company}`, updated: null })) } };
  const company = /^\/companies\/(\d+)$/.exec(request.path)?.[1];
  if (company !== undefined) return Number(company) < 4 ? { body: { id: Number(company), updated: null } } : { status: 404, body: {} };
  if (request.path === '/people') return pageOf(request, people);
  const person = people.find((one) => String(one.id) === id);
  return person === undefined ? { status: 404, body: {} } : { body: person };
};

export const byCursor = { kind: 'cursor', param: 'cursor', from: 'cursor', sizeParam: 'size', size: 10 } as const;

const usualTable = {
  page: byCursor,
  link: '{{settings.baseUrl}}/show/{{id}}',
  getMany: { path: '/people', query: { ids: '{{ids | join}}' }, max: 20 },
  changes: {
    mode: 'window',
    path: '/people',
    query: { from: '{{from | iso}}', to: '{{to | iso}}', after: '{{last.id | default("0")}}', sort: 'id' },
    page: { kind: 'keyset', by: 'id', sizeParam: 'size', size: 10 },
    lag: '0s',
  },
} as const;

/** A small CRM that does everything right unless it is told otherwise, the manifest for it, and somebody who changes it. */
export const openPeopleCrm = async (options: PeopleCrmOptions = {}) => {
  const time = createSharedTime();
  const crm: PeopleCrm = { people: makePeople(time.clock.nowMs()), now: () => time.now().toISOString() };
  const server: CrmServer = await startCrm((request) => {
    const usual = (): CrmReply => {
      const reply = answer(request, crm);
      return { ...reply, headers: { date: time.now().toUTCString(), ...reply.headers } };
    };
    return options.answer?.(request, crm, usual) ?? usual();
  });
  const connection: KitConnection = {
    source: { id: 'people', settings: { baseUrl: server.url, key: secretKey }, allowPrivateNetwork: true },
    clock: time.clock,
    sleep: time.sleep,
    random: () => 0.5,
  };
  const changer: CrmChanger = {
    mayChangeAny: true,
    create: async () => {
      const id = Math.max(...crm.people.map((person) => person.id)) + 1;
      crm.people.push({ id, name: 'New', updated: crm.now(), company: 1, companyName: 'Company 1' });
      return String(id);
    },
    change: async (_table, id) => {
      crm.people = crm.people.map((person) => (String(person.id) === id ? { ...person, updated: crm.now() } : person));
    },
    remove: async (_table, id) => {
      crm.people = crm.people.filter((person) => String(person.id) !== id);
    },
    ...options.changer?.(crm),
  };
  const written = peopleManifest({ ...usualTable, ...options.table }, options.manifest);
  const manifest = options.account === undefined ? written : { ...written, tables: { account: options.account, ...written.tables } };
  return { crm, manifest, connection, changer, close: () => server.stop() };
};
