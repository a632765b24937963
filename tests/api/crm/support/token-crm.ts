import type { OpenConnectorOptions } from '../../../../api/src/crm/connector-options.ts';
import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from './crm-server.ts';
import { openPeople, peopleManifest } from './people-crm.ts';

export type Auth = Extract<Manifest['auth'], { kind: string }>;

export const oauth2 = (more: Partial<Extract<Auth, { kind: 'oauth2' }>>): Auth => ({
  kind: 'oauth2',
  grant: 'clientCredentials',
  tokenUrl: '{{settings.baseUrl}}/oauth/token',
  clientId: 'client',
  clientSecret: '{{settings.key}}',
  ...more,
});

/** A CRM with one person, that lets in who has the newest token. */
export const startTokenCrm = async (
  tokenAnswer: (request: CrmRequest, count: number) => CrmReply,
  carried = (request: CrmRequest) => request.headers.authorization,
) => {
  const tokenRequests: CrmRequest[] = [];
  let accepted = '';
  const crm = await startCrm((request) => {
    if (request.path === '/oauth/token' || request.path === '/login') {
      tokenRequests.push(request);
      return tokenAnswer(request, tokenRequests.length);
    }
    return carried(request) === accepted ? { body: { data: [{ id: 1, updated: null }] } } : { status: 401, body: {} };
  });
  return {
    crm,
    tokenRequests,
    accept: (value: string) => {
      accepted = value;
    },
  };
};

/** Called at the top of a file: the CRMs that its tests start end with each of them. */
export const crmsOfEachTest = () => {
  const running: CrmServer[] = [];
  afterEach(async () => {
    for (const crm of running.splice(0)) await crm.stop();
  });
  const keep = (crm: CrmServer): void => void running.push(crm);
  const open = (crm: CrmServer, auth: Manifest['auth'], options: Partial<OpenConnectorOptions> = {}) => {
    keep(crm);
    return openPeople(peopleManifest({}, { auth }), crm.url, options).people;
  };
  return { keep, open };
};
