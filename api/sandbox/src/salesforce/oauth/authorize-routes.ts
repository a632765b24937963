import { type FastifyInstance } from 'fastify';
import { html } from '../../crm-kit/pages/html.ts';
import { type Brand, layout } from '../../crm-kit/pages/layout.ts';
import { formOf, refuseForeignForms, sendPage, takeForms } from '../../crm-kit/pages/routes.ts';
import { clientId, username } from '../data/identity.ts';
import { SalesforceError } from '../errors.ts';
import { type Sessions } from './sessions.ts';

/** The connected app's callbacks: any on this machine. */
const isCallback = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
};

interface AuthorizeRequest {
  readonly callback: string;
  readonly state: string | null;
  readonly codeChallenge: string | null;
}

const refuse = (message: string): SalesforceError => new SalesforceError(400, 'invalid_request', message);

const readRequest = (given: URLSearchParams): AuthorizeRequest => {
  if (given.get('response_type') !== 'code') throw refuse('unsupported_response_type: response type not supported');
  if (given.get('client_id') !== clientId) throw refuse('invalid_client_id: client identifier invalid');
  const callback = given.get('redirect_uri') ?? '';
  if (!isCallback(callback)) throw refuse('redirect_uri_mismatch: redirect_uri must match configuration');
  const codeChallenge = given.get('code_challenge');
  if (codeChallenge !== null && (given.get('code_challenge_method') ?? 'S256') !== 'S256')
    throw refuse('invalid_request: code challenge method not supported');
  return { callback, state: given.get('state'), codeChallenge };
};

const withParameters = (address: string, parameters: Readonly<Record<string, string | null>>): string => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
};

/**
 * `/services/oauth2/authorize`: the page where a person allows the app, and its two buttons. The person is signed in already.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
 */
export const addAuthorizeRoutes = (
  app: FastifyInstance,
  { sessions, brand }: { readonly sessions: Sessions; readonly brand: Brand },
): void => {
  takeForms(app);
  app.addHook('onRequest', refuseForeignForms);

  app.get('/services/oauth2/authorize', (request, reply) => {
    const query = new URL(request.url, 'http://any').searchParams;
    readRequest(query);
    const hidden = [...query].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
    const body = html`
      <h1>Allow access?</h1>
      <form class="card" method="post" action="/services/oauth2/authorize">
        ${hidden}
        <p>The app <strong>CRM Sync</strong> asks to read and change data of ${username}, at any time.</p>
        <div class="actions">
          <button name="decision" value="allow">Allow</button>
          <button class="quiet" name="decision" value="deny">Deny</button>
        </div>
      </form>
    `;
    return sendPage(reply, layout({ brand, title: 'Allow access?', body }), { formsMayLeadAway: true });
  });

  app.post('/services/oauth2/authorize', (request, reply) => {
    const form = formOf(request.body);
    const { callback, state, codeChallenge } = readRequest(form);
    if (form.get('decision') !== 'allow') {
      return reply.redirect(
        withParameters(callback, { error: 'access_denied', error_description: 'end-user denied authorization', state }),
        303,
      );
    }
    return reply.redirect(withParameters(callback, { code: sessions.issueCode(callback, codeChallenge ?? undefined), state }), 303);
  });
};
