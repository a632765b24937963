import type { FastifyInstance } from 'fastify';
import { html } from './html.ts';
import { type Brand, layout } from './layout.ts';
import { formOf, refuseForeignForms, sendPage, takeForms } from './routes.ts';

export interface ConsentRoutesOptions {
  /** Where the CRM asks, e.g. `/oauth/authorize`. */
  readonly path: string;
  readonly brand: Brand;
  /** Whose data it is about. */
  readonly userName: string;
  /** Throws the CRM's own refusal when the app asks wrongly; then nobody is sent anywhere. */
  readonly check: (asked: URLSearchParams) => void;
  readonly issueCode: (asked: URLSearchParams) => string;
}

/** An address that an app is sent back to: any on this machine. */
export const isLocalCallback = (text: string | null): text is string => {
  const url = URL.parse(text ?? '');
  return url !== null && url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
};

const withParameters = (address: string, parameters: Readonly<Record<string, string | null>>): string => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
};

/** The page where a person allows the app, and its two buttons. The person is signed in already. Wants an instance of its own. */
export const addConsentRoutes = (app: FastifyInstance, { path, brand, userName, check, issueCode }: ConsentRoutesOptions): void => {
  takeForms(app);
  app.addHook('onRequest', refuseForeignForms);

  app.get(path, (request, reply) => {
    const asked = new URL(request.url, 'http://any').searchParams;
    check(asked);
    const hidden = [...asked].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
    const body = html`
      <h1>Allow access?</h1>
      <form class="card" method="post" action="${path}">
        ${hidden}
        <p>The app <strong>CRM Sync</strong> asks to read and change data of ${userName}, at any time.</p>
        <div class="actions">
          <button name="decision" value="allow">Allow</button>
          <button class="quiet" name="decision" value="deny">Deny</button>
        </div>
      </form>
    `;
    return sendPage(reply, layout({ brand, title: 'Allow access?', body }), { formsMayLeadAway: true });
  });

  app.post(path, (request, reply) => {
    const asked = formOf(request.body);
    check(asked);
    const callback = asked.get('redirect_uri') ?? '';
    const state = asked.get('state');
    if (asked.get('decision') !== 'allow') {
      const refused = { error: 'access_denied', error_description: 'end-user denied authorization', state };
      return reply.redirect(withParameters(callback, refused), 303);
    }
    return reply.redirect(withParameters(callback, { code: issueCode(asked), state }), 303);
  });
};
