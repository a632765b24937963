import { readFile } from 'node:fs/promises';
import { createReplay, type Replay } from '../../crm/kit/recording/replay-axios.ts';
import { readRecording, type Recording } from '../../crm/kit/recording/recording-file.ts';
import { loadManifest } from '../../crm/manifest/load-manifest.ts';
import { openConnector } from '../../crm/open-connector.ts';
import { chooseSignIn } from '../../crm/settings.ts';
import { secretParameterOf } from '../../crm/sign-in/secret-parameter.ts';
import type { CredentialStore } from '../../crm/sign-in/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { OpenedSource } from './opened-source.ts';

export interface OpenedRecording extends OpenedSource {
  readonly recording: Recording;
  readonly unanswered: Replay['unanswered'];
}

/** Throws `connector.recording_unreadable`. */
const loadRecording = async (file: string): Promise<Recording> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('connector.recording_unreadable', { file, problem: 'there is no such file, or it may not be read' }, error);
  });
  const recording = readRecording(text);
  if (typeof recording === 'string') throw new AppError('connector.recording_unreadable', { file, problem: recording });
  return recording;
};

/** Tokens of a recording sign nobody in, so losing them with the process is no loss. */
const createForgetfulCredentials = (): CredentialStore => {
  const values = new Map<string, string>();
  return {
    read: async (sourceId, name) => values.get(`${sourceId} ${name}`) ?? null,
    replace: async (sourceId, name, before, value) => {
      const isSame = (values.get(`${sourceId} ${name}`) ?? null) === before;
      if (isSame) values.set(`${sourceId} ${name}`, value);
      return isSame;
    },
    claim: async () => true,
    release: async () => undefined,
  };
};

/** Answers as the CRM did then, at that time; waiting takes none. Another manifest may be tried on it. */
export const openRecording = async (options: {
  readonly recordingFile: string;
  readonly manifestFile: string | null;
  readonly settings: Readonly<Record<string, string>>;
}): Promise<OpenedRecording> => {
  const recording = await loadRecording(options.recordingFile);
  const manifest = options.manifestFile === null ? recording.manifest : await loadManifest(options.manifestFile);
  const declared = new Set([...Object.keys(manifest.connection.settings ?? {}), ...(Array.isArray(manifest.auth) ? ['signIn'] : [])]);
  const recorded = Object.entries(recording.settings).filter(([name]) => declared.has(name));
  const settings = { ...Object.fromEntries(recorded), ...options.settings };
  const id = 'recording';
  const replay = createReplay(recording.exchanges, secretParameterOf(chooseSignIn(manifest, { id, settings })));
  let waitedMs = 0;
  const connector = openConnector({
    manifest,
    source: { id, settings, allowPrivateNetwork: true },
    clock: { nowMs: () => Date.parse(recording.recordedOn) + waitedMs },
    credentials: createForgetfulCredentials(),
    createAxios: replay.createAxios,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      waitedMs += ms;
    },
  });
  const source = { id, name: connector.displayName, connector };
  return { source, manifest, settings, recording, unanswered: replay.unanswered, close: async () => undefined };
};
