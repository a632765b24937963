import { adoptCommand } from '../../../api/src/cli/adopt-command.ts';
import type { CommandContext } from '../../../api/src/cli/commands.ts';
import { createOutput } from '../../../api/src/cli/output.ts';
import { setupCommand } from '../../../api/src/cli/setup-command.ts';
import type { AdoptionBody, AdoptionTableBody, StartAdoptionBody } from '../../../api/src/contract/adoption.ts';
import type { SetupBody, SetupFindingBody } from '../../../api/src/contract/setup.ts';
import { RememberingServices } from '../../api/http/support/services.ts';

const time = { clock: { nowMs: () => 0 }, sleep: async () => undefined };
const missing: SetupFindingBody = {
  component: 'column',
  table: 'contact',
  name: 'ccsync_sourcekey',
  problem: 'missing',
  remedy: 'create',
  expected: 'String, 250 characters',
};
const wrongType: SetupFindingBody = { ...missing, problem: 'wrongType', remedy: 'byHand', found: 'Memo' };
const state = (findings: readonly SetupFindingBody[], changes: readonly SetupFindingBody[] = []): SetupBody => ({
  isReady: findings.length === 0,
  isSolutionInstalled: false,
  findings: [...findings],
  changes: [...changes],
});

/** Somebody at a terminal of 120 columns who gives this answer; null: nobody. */
const atTerminal = (answer: boolean | null) => {
  let text = '';
  const asked: string[] = [];
  const services = new RememberingServices();
  const context = {
    services: { ...services, dataverseUse: () => services.dataverseUse(), runs: { ...services.runs, follow: async () => undefined } },
    output: createOutput({ isTTY: true, columns: 120, write: (more: string) => (text += more) }, false),
    signal: new AbortController().signal,
    confirm: answer === null ? null : async (question: string) => asked.push(question) > 0 && answer,
  } satisfies CommandContext;
  return { context, asked, said: () => text };
};

describe('crm-sync setup at a terminal', () => {
  const setup = (answer: boolean, before: SetupBody, after: SetupBody) => {
    const terminal = atTerminal(answer);
    let applied = 0;
    const service = {
      inspect: async () => before,
      apply: async () => {
        applied += 1;
        return after;
      },
    };
    const context = { ...terminal.context, services: { ...terminal.context.services, setup: service } };
    return {
      ...terminal,
      applied: () => applied,
      run: () => setupCommand(context, { isDryRun: false, isConfirmed: false, waitMs: 0 }, time),
    };
  };

  it('shows each difference in a line, asks, and says what is left for a person', async () => {
    const { run, asked, said, applied } = setup(true, state([missing, wrongType], [missing]), state([wrongType], [missing]));
    expect(await run()).toBe(3);
    expect([asked, applied()]).toEqual([['Make this change?'], 1]);
    expect(said()).toContain('contact  column ccsync_sourcekey         is missing (wanted: String, 250 characters): setup makes it');
    expect(said()).toMatch(/This is left for a person:\n.*has the wrong type \(there: Memo; wanted: String, 250 characters\)/);
  });

  it('changes nothing when the answer is no', async () => {
    const { run, applied, said } = setup(false, state([missing], [missing]), state([]));
    expect(await run()).toBe(130);
    expect([applied(), said()]).toEqual([0, expect.stringContaining('Nothing was changed.')]);
  });

  it('asks nothing where nothing is to do', async () => {
    const { run, asked, said } = setup(true, state([]), state([]));
    expect(await run()).toBe(0);
    expect([asked, said()]).toEqual([[], expect.stringContaining('The environment has all that it needs. Nothing was changed.')]);
  });
});

describe('crm-sync adopt at a terminal', () => {
  const counts = (more: Partial<AdoptionTableBody>): AdoptionTableBody => ({
    table: 'contact',
    read: 0,
    adopted: 0,
    ours: 0,
    withoutId: 0,
    doubled: 0,
    doubledInactive: 0,
    taken: 0,
    otherRecord: 0,
    failed: 0,
    samples: { adopted: [], ours: [], withoutId: [], doubled: [], taken: [], otherRecord: [] },
    failures: [],
    ...more,
  });
  const adopt = (answer: boolean | null, table: AdoptionTableBody, isConfirmed = false) => {
    const terminal = atTerminal(answer);
    const requests: StartAdoptionBody[] = [];
    const adoption = {
      adopt: async (sourceId: string, request: StartAdoptionBody): Promise<AdoptionBody> => {
        requests.push(request);
        return { sourceId, isDryRun: request.isDryRun ?? false, duplicates: request.duplicates ?? 'report', tables: [table] };
      },
    };
    const context = { ...terminal.context, services: { ...terminal.context.services, adoption } };
    const run = () => adoptCommand(context, { source: 'now', isDryRun: false, isConfirmed, duplicates: 'report' });
    return { ...terminal, run, dryRuns: () => requests.map(({ isDryRun }) => isDryRun) };
  };

  it('shows first what it would do, with counts and GUIDs only, and asks', async () => {
    const samples = { ...counts({}).samples, adopted: ['0d5e9f2c-1111-4222-8333-abcdefabcdef'] };
    const { run, asked, said, dryRuns } = adopt(true, counts({ read: 12_000, adopted: 11_000, ours: 1_000, samples }));
    expect(await run()).toBe(0);
    expect([asked, dryRuns()]).toEqual([['Adopt these rows?'], [true, false]]);
    expect(said()).toContain(
      'contact: 12,000 rows of this CRM\n     11,000 to adopt, for example 0d5e9f2c-1111-4222-8333-abcdefabcdef\n      1,000 ours already\n',
    );
  });

  it('writes nothing when the answer is no, and asks nothing with --yes', async () => {
    const declined = adopt(false, counts({ read: 1, adopted: 1 }));
    expect([await declined.run(), declined.dryRuns()]).toEqual([130, [true]]);
    const confirmed = adopt(null, counts({ read: 1, adopted: 1 }), true);
    expect([await confirmed.run(), confirmed.dryRuns(), confirmed.asked]).toEqual([0, [false], []]);
  });

  it('ends as partial while doubled rows are active or a key is taken: a person must look', async () => {
    expect(await adopt(null, counts({ read: 2, adopted: 1, doubled: 1 }), true).run()).toBe(3);
    expect(await adopt(null, counts({ read: 2, adopted: 1, doubled: 1, doubledInactive: 1 }), true).run()).toBe(0);
    expect(await adopt(null, counts({ read: 1, taken: 1 }), true).run()).toBe(3);
  });
});
