import Type, { type Static } from 'typebox';
import { textEnum } from './parts.ts';

export const SetupFindingSchema = Type.Object(
  {
    component: textEnum(['table', 'choice', 'column', 'key'], 'What it is about'),
    table: Type.Optional(Type.String({ description: 'Logical name; absent for a choice and a table, which belong to none' })),
    name: Type.String({ description: 'Logical name of the component' }),
    problem: textEnum(
      ['missing', 'wrongType', 'tooShort', 'optionMissing', 'keyBuilding', 'keyFailed', 'keyOnOtherColumns'],
      'How it differs from what is needed',
    ),
    remedy: textEnum(
      ['create', 'lengthen', 'addOption', 'reactivate', 'wait', 'importSolution', 'byHand'],
      'wait: Dataverse is at it; importSolution: it belongs to the installed solution; byHand: only a person may decide; the others are done by setup',
    ),
    found: Type.Optional(Type.String({ description: 'What is there' })),
    expected: Type.String({ description: 'What should be' }),
  },
  { $id: 'SetupFinding' },
);

export const SetupSchema = Type.Object(
  {
    isReady: Type.Boolean({ description: 'Nothing differs: rows can be synced' }),
    isSolutionInstalled: Type.Boolean({ description: 'The managed solution is there; what belongs to it is left alone' }),
    changes: Type.Array(SetupFindingSchema, { description: 'What was changed; when only looked at, what would be' }),
    findings: Type.Array(SetupFindingSchema, { description: 'What differs now' }),
  },
  { $id: 'Setup', description: 'What of ours the Dataverse environment has' },
);

export const ApplySetupSchema = Type.Object(
  { isDryRun: Type.Optional(Type.Boolean({ description: 'Says what would change, changes nothing' })) },
  { $id: 'ApplySetup', additionalProperties: false },
);

export type SetupBody = Static<typeof SetupSchema>;
export type SetupFindingBody = Static<typeof SetupFindingSchema>;
