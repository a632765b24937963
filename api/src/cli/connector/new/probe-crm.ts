import type { CreateAxios } from '../../../crm/http/crm-http.ts';
import { decodeAnswer, formatOf } from '../../../crm/http/decode-answer.ts';
import type { Answer } from '../../../crm/kit/propose/answer.ts';
import { createCapture } from '../../../crm/kit/recording/capture.ts';
import { manifestVersion, type Manifest } from '../../../crm/manifest/schema/manifest.ts';
import { openConnector } from '../../../crm/open-connector.ts';
import type { Answers } from './answers.ts';
import { connectionOf } from './connection-of.ts';

export interface ProbeOptions {
  readonly answers: Answers;
  /** With secrets; the address is known from the answers. Never log. */
  readonly settings: Readonly<Record<string, string>>;
  readonly allowPrivateNetwork: boolean;
  readonly clock: { nowMs(): number };
  readonly signal: AbortSignal;
}

/** As much of a manifest as one request takes: that to `path`. */
export const draftFor = (answers: Answers, path: string): Manifest => {
  const { connection, auth } = connectionOf(answers);
  return {
    manifest: manifestVersion,
    id: answers.id,
    name: answers.name,
    version: '1.0.0',
    connection,
    auth,
    probe: { path },
    tables: { contact: { id: 'id', list: { path }, get: { path: `${path}/{{id}}` }, map: [{ to: 'lastname', from: 'name' }] } },
  };
};

/** One request, made and guarded as a sync makes it; gives the answer as it came. Throws as the connector does. */
export const probeCrm = async (path: string, options: ProbeOptions): Promise<Answer> => {
  const { answers, settings, allowPrivateNetwork, clock, signal } = options;
  const capture: { readonly createAxios: CreateAxios; readonly exchanges: ReturnType<typeof createCapture>['exchanges'] } = createCapture();
  const connector = openConnector({
    manifest: draftFor(answers, path),
    source: { id: answers.id, settings: { address: connectionOf(answers).origin, ...settings }, allowPrivateNetwork },
    clock,
    createAxios: capture.createAxios,
  });
  await connector.check(signal);
  const last = capture.exchanges.at(-1);
  if (last === undefined) return { body: null, headers: {} };
  return { body: decodeAnswer(last.body, formatOf(last.headers['content-type'], null)) ?? null, headers: last.headers };
};
