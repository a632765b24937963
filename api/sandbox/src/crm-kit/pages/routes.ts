import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../refusal.ts';
import type { Html } from './html.ts';
import { type Brand, layout } from './layout.ts';
import { listPage } from './list-page.ts';
import { recordPage } from './record-page.ts';
import { styleSheet } from './style.ts';
import type { Subject, SubjectKind } from './subject.ts';

export interface PagesOptions {
  readonly brand: Brand;
  readonly kinds: readonly SubjectKind[];
  readonly apiUrl?: string;
}

const notices = {
  saved: { kind: 'good', text: 'Saved.' },
  incomplete: { kind: 'warn', text: 'Nothing was saved: a name is needed.' },
} as const;
const noticeOf = (outcome: unknown) => (outcome === 'saved' || outcome === 'incomplete' ? notices[outcome] : undefined);

const contentSecurityPolicy = (formAction: string): string =>
  `default-src 'none'; style-src 'self'; img-src data:; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`;

/** Another site's page must not post these forms with the reader's browser. */
export const refuseForeignForms = async (request: FastifyRequest): Promise<void> => {
  const { origin, host } = request.headers;
  if (request.method === 'POST' && origin !== undefined && origin !== `http://${host}`) {
    throw new Refusal(403, 'foreign_form', 'This form was sent by a page of another site.');
  }
};

export const takeForms = (app: FastifyInstance): void => {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
};

export const formOf = (body: unknown): URLSearchParams => (body instanceof URLSearchParams ? body : new URLSearchParams());

/**
 * A page is never kept, framed, or taken for something else.
 * `formsMayLeadAway`: a consent page sends the person back to where they came from.
 */
export const sendPage = (reply: FastifyReply, page: string, { formsMayLeadAway = false } = {}): FastifyReply =>
  reply
    .headers({
      'content-security-policy': contentSecurityPolicy(formsMayLeadAway ? "'self' http: https:" : "'self'"),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .type('text/html; charset=utf-8')
    .send(page);

/** A CRM's pages for people: lists at `/`, a record at `/{kind}/{id}`. Wants an instance of its own. */
export const addPages = (app: FastifyInstance, { brand, kinds, apiUrl }: PagesOptions): void => {
  takeForms(app);
  app.addHook('onRequest', refuseForeignForms);

  const send = (reply: FastifyReply, title: string, body: Html): FastifyReply =>
    sendPage(reply, layout({ brand, title, body, ...(apiUrl === undefined ? {} : { apiUrl }) }));

  app.get('/crm.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(styleSheet));
  app.get<{ Querystring: { q?: unknown } }>('/', ({ query }, reply) =>
    send(reply, brand.records, listPage(brand.records, kinds, typeof query.q === 'string' ? query.q : '')),
  );

  for (const { path, singular, fields, find } of kinds) {
    const subjectOf = (id: string): Subject => {
      const subject = find(id);
      if (!subject) throw new Refusal(404, 'not_found', `There is no record ${id} in ${path}.`);
      return subject;
    };
    const pathOf = (id: string): string => `/${path}/${encodeURIComponent(id)}`;
    const route = `/${path}/:id`;

    app.get<{ Params: { id: string }; Querystring: { outcome?: unknown } }>(route, ({ params, query }, reply) => {
      const subject = subjectOf(params.id);
      const notice = noticeOf(query.outcome);
      return send(
        reply,
        subject.heading,
        recordPage({ singular, subject, fields, path: pathOf(subject.id), ...(notice ? { notice } : {}) }),
      );
    });

    app.post<{ Params: { id: string }; Body: unknown }>(route, ({ params, body }, reply) => {
      const subject = subjectOf(params.id);
      if (subject.deletedAt !== null) throw new Refusal(409, 'deleted', 'The record is deleted. Restore it first.');
      const isSaved = subject.save(formOf(body));
      return reply.redirect(`${pathOf(subject.id)}?outcome=${isSaved ? 'saved' : 'incomplete'}`, 303);
    });

    for (const action of ['delete', 'restore'] as const) {
      app.post<{ Params: { id: string } }>(`${route}/${action}`, ({ params }, reply) => {
        const subject = subjectOf(params.id);
        subject[action]();
        return reply.redirect(find(subject.id) ? pathOf(subject.id) : '/', 303);
      });
    }
  }
};
