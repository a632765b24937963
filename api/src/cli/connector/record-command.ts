import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { createCapture } from '../../crm/kit/recording/capture.ts';
import { recordingVersion, type Recording } from '../../crm/kit/recording/recording-file.ts';
import { scrubRecording } from '../../crm/kit/recording/scrub-recording.ts';
import { walkConnector } from '../../crm/kit/walk.ts';
import { AppError } from '../../errors/app-error.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { ConnectorContext } from './context.ts';
import { describeWalk, problemsOf } from './describe-walk.ts';
import { openSource } from './open-source.ts';
import type { OpenedSource } from './opened-source.ts';
import type { SourceOptions } from './source-options.ts';

export interface RecordOptions extends SourceOptions {
  readonly out: string;
  readonly pages: number;
  readonly force: boolean;
}

/** Shorter texts turn up by chance. */
const leastSecretLength = 6;

/** A second lock: scrubbing has taken them all out, and if it has not one day, nothing is written. */
const requireNoSecret = (text: string, { manifest, settings }: OpenedSource): void => {
  for (const [name, { type }] of Object.entries(manifest.connection.settings ?? {})) {
    const value = settings[name] ?? '';
    if (type === 'secret' && value.length >= leastSecretLength && text.includes(JSON.stringify(value).slice(1, -1)))
      throw new AppError('connector.recording_unsafe', { setting: name });
  }
};

/** Reads a little of everything and keeps the exchanges, without secrets and without customer data. */
export const recordCommand = async (options: RecordOptions, context: ConnectorContext): Promise<ExitCode> => {
  const { output, clock, signal } = context;
  if (existsSync(options.out) && !options.force) throw new AppError('connector.file_exists', { file: options.out });
  const capture = createCapture();
  const opened = await openSource(options, context, capture.createAxios);
  try {
    const recordedOn = new Date(clock.nowMs()).toISOString();
    const walk = await walkConnector(opened.source.connector, { pages: options.pages, windows: {} }, signal);
    const { manifest, settings } = opened;
    const scrubbed = scrubRecording({ manifest, settings, exchanges: capture.exchanges, key: randomBytes(32) });
    const recording: Recording = {
      recording: recordingVersion,
      recordedOn,
      manifest,
      settings: { ...scrubbed.settings },
      pages: options.pages,
      windows: { ...walk.windows },
      exchanges: [...scrubbed.exchanges],
    };
    const text = `${JSON.stringify(recording, null, 1)}\n`;
    requireNoSecret(text, opened);
    writeFileSync(options.out, text, { mode: 0o600 });
    output.say(
      'recorded',
      { file: options.out, exchanges: recording.exchanges.length, walk },
      `${describeWalk(walk)}\n${recording.exchanges.length} answers kept in ${options.out}, without secrets and with made-up values in place of your customers’`,
    );
    return problemsOf(walk).length === 0 ? exitCodes.done : exitCodes.partial;
  } finally {
    await opened.close();
  }
};
