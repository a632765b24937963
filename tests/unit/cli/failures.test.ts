import type { CommandContext } from '../../../api/src/cli/commands.ts';
import { decideFailuresCommand, listFailuresCommand } from '../../../api/src/cli/failures-command.ts';
import { createOutput } from '../../../api/src/cli/output.ts';
import { RememberingServices } from '../../api/http/support/services.ts';

const open = (isTTY: boolean) => {
  let text = '';
  const services = new RememberingServices();
  const context = {
    services: { ...services, dataverseUse: () => services.dataverseUse(), runs: { ...services.runs, follow: async () => undefined } },
    output: createOutput({ isTTY, columns: 120, write: (more: string) => (text += more) }, false),
    signal: new AbortController().signal,
    confirm: null,
  } satisfies CommandContext;
  return { context, services, said: () => text };
};

describe('crm-sync failures', () => {
  it('list says what failed, why, how often and what to do', async () => {
    const { context, services, said } = open(true);
    expect(await listFailuresCommand(context, { source: 'northwind', table: 'contact' })).toBe(0);
    expect(said()).toContain('14 contact: 0x80044331');
    expect(said()).toContain('Shorten it.');
    expect(said()).toContain('contact 7: A value is too long (failed 2 times)');
    expect(services.lists).toEqual([{ sourceId: 'northwind', table: 'contact', limit: 500 }]);
  });

  it('list gives one JSON object a line in a pipe', async () => {
    const { context, said } = open(false);
    await listFailuresCommand(context, { source: 'northwind' });
    const lines = said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(lines.map(({ event }) => event)).toEqual(['failureGroup', 'failure']);
  });

  it('retry, ignore and note say how many they were', async () => {
    const { context, services, said } = open(true);
    const which = { source: 'northwind', table: 'contact', ids: ['7', '8'] } as const;
    await decideFailuresCommand(context, which, { action: 'retry' });
    await decideFailuresCommand(context, { source: 'northwind', code: '0x1' }, { action: 'annotate', note: 'n' });
    expect(services.decisions).toEqual([
      { sourceId: 'northwind', action: 'retry', table: 'contact', recordIds: ['7', '8'] },
      { sourceId: 'northwind', action: 'annotate', code: '0x1', note: 'n' },
    ]);
    expect(said()).toContain('14 are tried again now');
  });
});
