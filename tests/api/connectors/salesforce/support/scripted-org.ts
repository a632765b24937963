import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from '../../../crm/support/crm-server.ts';

export const apiPath = '/services/data/v66.0';

export interface ScriptedOrg {
  /** Of each object, beside those that the connector cannot do without. */
  readonly fields?: readonly {
    readonly name: string;
    readonly type: string;
    readonly referenceTo?: readonly string[];
    readonly relationshipName?: string;
  }[];
  readonly records?: readonly Readonly<Record<string, unknown>>[];
  /** The parts of a bulk job's results. */
  readonly parts?: readonly CrmReply[];
  /** What comes before all else. */
  readonly answer?: (request: CrmRequest) => CrmReply | undefined;
}

const usualFields = [
  { name: 'Id', type: 'id' },
  { name: 'IsDeleted', type: 'boolean' },
  { name: 'SystemModstamp', type: 'datetime' },
];

export const problem = (status: number, errorCode: string): CrmReply => ({ status, body: [{ errorCode, message: errorCode }] });

export const csv = (text: string, headers: Readonly<Record<string, string>> = {}): CrmReply => ({
  headers: { 'content-type': 'text/csv; charset=UTF-8', 'sforce-locator': 'null', ...headers },
  body: text,
});

/** An organisation that says what a test wants: what the sandbox has no occasion to say. */
export const startScriptedOrg = (org: ScriptedOrg): Promise<CrmServer> => {
  const { fields = [], records = [], parts = [] } = org;
  return startCrm((request, count) => {
    const { path, query, method } = request;
    const scripted = org.answer?.(request);
    if (scripted !== undefined) return scripted;
    if (path === '/services/oauth2/token')
      return { body: { access_token: 'token', instance_url: `http://${String(request.headers.host)}` } };
    if (path.endsWith('/describe')) return { body: { fields: [...usualFields, ...fields] } };
    const q = query.get('q') ?? '';
    if (q.includes('FROM Organization')) return { body: { totalSize: 1, done: true, records: [{ Id: '00D000000000001EAA' }] } };
    if (q.includes('COUNT()')) return { body: { totalSize: 5_000, done: true, records: [] } };
    if (q !== '') return { body: { totalSize: records.length, done: true, records } };
    if (path === `${apiPath}/jobs/query` && method === 'POST') return { body: { id: `750${count}`, state: 'UploadComplete' } };
    if (path.endsWith('/results')) return parts[Number(query.get('locator') ?? 0)] ?? problem(400, 'INVALID_LOCATOR');
    if (path.startsWith(`${apiPath}/jobs/query/`)) return method === 'DELETE' ? { status: 204 } : { body: { state: 'JobComplete' } };
    return problem(404, 'NOT_FOUND');
  });
};
