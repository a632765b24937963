import Type, { type Static } from 'typebox';
import { describeYamlErrors } from '../../../yaml/read-yaml.ts';
import { compileShapeCheck } from '../../../yaml/schema-problems.ts';
import { readManifest } from '../../manifest/load-manifest.ts';
import type { Manifest } from '../../manifest/schema/manifest.ts';

export const recordingVersion = 'crm-sync/recording-v1';

const texts = Type.Record(Type.String(), Type.String());
const Window = Type.Object({ fromMs: Type.Number(), toMs: Type.Number() }, { additionalProperties: false });

const RecordedExchange = Type.Object(
  {
    method: Type.String(),
    /** With its query, behind the host. */
    target: Type.String(),
    requestBody: Type.Union([Type.String(), Type.Null()]),
    isSignIn: Type.Boolean(),
    status: Type.Integer(),
    headers: texts,
    cookies: Type.Array(Type.String()),
    body: Type.String(),
  },
  { additionalProperties: false },
);

const RecordingSchema = Type.Object(
  {
    recording: Type.Literal(recordingVersion),
    recordedOn: Type.String(),
    manifest: Type.Unknown(),
    /** Stand-ins: no value of the source's own. */
    settings: texts,
    pages: Type.Integer({ minimum: 1 }),
    windows: Type.Object({ account: Type.Optional(Window), contact: Type.Optional(Window) }, { additionalProperties: false }),
    exchanges: Type.Array(RecordedExchange),
  },
  { additionalProperties: false },
);

export type RecordedExchange = Static<typeof RecordedExchange>;
export type Recording = Omit<Static<typeof RecordingSchema>, 'manifest'> & { readonly manifest: Manifest };

const checkShape = compileShapeCheck<Static<typeof RecordingSchema>>(() => RecordingSchema);
const maxBytes = 64 * 1024 * 1024;

/** A recording's text, or what is wrong with it. */
export const readRecording = (text: string): Recording | string => {
  if (text.length > maxBytes) return 'it is larger than 64 MB';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const checked = checkShape(value);
  if ('problems' in checked) return checked.problems.map(({ path, problem }) => `${path.join('.')}: ${problem}`).join('; ');
  // JSON is YAML, so the manifest in it is checked as any other.
  const reading = readManifest(JSON.stringify(checked.value.manifest));
  if ('errors' in reading) return `its manifest is not valid: ${describeYamlErrors(reading.errors)}`;
  return { ...checked.value, manifest: reading.manifest };
};
