import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Crm } from '../crm.ts';
import { Refusal, notFound } from '../problem.ts';
import { type Html } from './html.ts';
import { layout } from './layout.ts';
import { listPage } from './list-page.ts';
import { recordPage } from './record-page.ts';
import { styleSheet } from './style.ts';
import { type Subject, type SubjectKind, companySubjects, personSubjects } from './subjects.ts';

interface PagesOptions {
  readonly crm: Crm;
  readonly apiUrl?: string;
}

const notices = {
  saved: { kind: 'good', text: 'Saved.' },
  incomplete: { kind: 'warn', text: 'Nothing was saved: a name is needed.' },
} as const;
const noticeOf = (outcome: unknown) => (outcome === 'saved' || outcome === 'incomplete' ? notices[outcome] : undefined);

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Another site's page must not post these forms with the reader's browser. */
const refuseForeignForms = async (request: FastifyRequest): Promise<void> => {
  const { origin, host } = request.headers;
  if (request.method === 'POST' && origin !== undefined && origin !== `http://${host}`) {
    throw new Refusal(403, 'foreign_form', 'This form was sent by a page of another site.');
  }
};

const textIn = (record: object, fieldName: string): string => {
  const value: unknown = Reflect.get(record, fieldName);
  return typeof value === 'string' ? value : '';
};

/** The CRM's pages for people: lists at `/`, a record at `/companies/{id}` and `/people/{id}`. */
export const addPages = (app: FastifyInstance, { crm, apiUrl }: PagesOptions): void => {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
  app.addHook('onRequest', refuseForeignForms);

  const send = (reply: FastifyReply, title: string, body: Html): FastifyReply =>
    reply
      .headers({ 'content-security-policy': contentSecurityPolicy, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(layout({ title, body, ...(apiUrl === undefined ? {} : { apiUrl }) }));

  app.get('/northwind.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(styleSheet));
  app.get<{ Querystring: { q?: unknown } }>('/', ({ query }, reply) =>
    send(reply, 'Companies and people', listPage(crm, typeof query.q === 'string' ? query.q : '')),
  );

  const addRecordPages = ({ collectionName, kind, fields, find }: SubjectKind): void => {
    const subjectOf = (id: string): Subject => {
      const subject = find(id);
      if (!subject) throw notFound(`record ${id} in ${collectionName}`);
      return subject;
    };
    const pathOf = (id: string): string => `/${collectionName}/${encodeURIComponent(id)}`;
    const route = `/${collectionName}/:id`;

    app.get<{ Params: { id: string }; Querystring: { outcome?: unknown } }>(route, ({ params, query }, reply) => {
      const { record, heading, related } = subjectOf(params.id);
      const notice = noticeOf(query.outcome);
      const textOf = (fieldName: string): string => textIn(record, fieldName);
      const page = { kind, heading, record, fields, textOf, path: pathOf(record.id), related, ...(notice ? { notice } : {}) };
      return send(reply, heading, recordPage(page));
    });

    app.post<{ Params: { id: string }; Body: unknown }>(route, ({ params, body }, reply) => {
      const { record, save } = subjectOf(params.id);
      if (record.deleted_at !== null) throw new Refusal(409, 'deleted', 'The record is deleted. Restore it first.');
      const isSaved = save(body instanceof URLSearchParams ? body : new URLSearchParams());
      return reply.redirect(`${pathOf(record.id)}?outcome=${isSaved ? 'saved' : 'incomplete'}`, 303);
    });

    for (const action of ['delete', 'restore'] as const) {
      app.post<{ Params: { id: string } }>(`${route}/${action}`, ({ params }, reply) => {
        const subject = subjectOf(params.id);
        subject[action]();
        return reply.redirect(pathOf(subject.record.id), 303);
      });
    }
  };
  addRecordPages(companySubjects(crm));
  addRecordPages(personSubjects(crm));
};
