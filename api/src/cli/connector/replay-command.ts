import { walkConnector } from '../../crm/kit/walk.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { ConnectorContext } from './context.ts';
import { describeWalk, problemsOf } from './describe-walk.ts';
import { openRecording } from './open-recording.ts';
import { fileOf } from './open-source.ts';

export interface ReplayOptions {
  readonly manifest?: string;
  readonly setting: Readonly<Record<string, string>>;
}

/** Reads a recording as its CRM was read then, perhaps by another manifest. */
export const replayCommand = async (recordingFile: string, options: ReplayOptions, context: ConnectorContext): Promise<ExitCode> => {
  const manifestFile = options.manifest === undefined ? null : fileOf(options.manifest);
  const { source, recording, unanswered } = await openRecording({ recordingFile, manifestFile, settings: options.setting });
  const { pages, windows } = recording;
  const walk = await walkConnector(source.connector, { pages, windows }, context.signal);
  context.output.say(
    'replayed',
    { walk, unanswered: [...unanswered] },
    [describeWalk(walk), ...unanswered.map((request) => `  not in the recording: ${request}`)].join('\n'),
  );
  return problemsOf(walk).length === 0 && unanswered.length === 0 ? exitCodes.done : exitCodes.partial;
};
