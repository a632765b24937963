import type { CommandContext } from '../../../api/src/cli/commands.ts';
import { createOutput } from '../../../api/src/cli/output.ts';
import { approveRemovalsCommand, dismissRemovalsCommand, listRemovalsCommand } from '../../../api/src/cli/removals-command.ts';
import { RememberingServices } from '../../api/http/support/services.ts';

/** Somebody at a terminal who gives this answer; null: nobody. */
const atTerminal = (answer: boolean | null) => {
  let text = '';
  const services = new RememberingServices();
  const context = {
    services: { ...services, dataverseUse: () => services.dataverseUse(), runs: { ...services.runs, follow: async () => undefined } },
    output: createOutput({ isTTY: true, columns: 120, write: (more: string) => (text += more) }, false),
    signal: new AbortController().signal,
    confirm: answer === null ? null : async () => answer,
  } satisfies CommandContext;
  return { context, services, said: () => text };
};
const approve = { source: 'northwind', atMost: null, isConfirmed: false } as const;

describe('crm-sync removals', () => {
  it('list says how many of how many, and which', async () => {
    const { context, said } = atTerminal(null);
    expect(await listRemovalsCommand(context, 'northwind')).toBe(0);
    expect(said()).toContain('contact: 110 of 1,000 rows would be deactivated: 7 and 100 more');
  });

  it('approve takes exactly what it has shown, after a yes', async () => {
    const { context, services, said } = atTerminal(true);
    expect(await approveRemovalsCommand(context, approve)).toBe(0);
    expect(services.decisions).toEqual([{ sourceId: 'northwind', table: 'contact', atMost: 110, mark: 'm1' }]);
    expect(said()).toContain('contact: 110 approved');
  });

  it('approve does nothing after a no, and nothing unasked where nobody is', async () => {
    const declined = atTerminal(false);
    expect(await approveRemovalsCommand(declined.context, approve)).not.toBe(0);
    const alone = atTerminal(null);
    await expect(approveRemovalsCommand(alone.context, approve)).rejects.toMatchObject({ code: 'setup.not_confirmed' });
    expect([...declined.services.decisions, ...alone.services.decisions]).toEqual([]);
  });

  it('approve with a ceiling asks nobody, and leaves it to the API to refuse more', async () => {
    const { context, services } = atTerminal(null);
    expect(await approveRemovalsCommand(context, { ...approve, atMost: 120 })).toBe(0);
    expect(services.decisions).toEqual([{ sourceId: 'northwind', table: 'contact', atMost: 120 }]);
    expect(await approveRemovalsCommand(context, { ...approve, atMost: 120, tables: ['account'] })).toBe(0);
    expect(services.decisions).toHaveLength(1);
  });

  it('dismiss leaves the rows', async () => {
    const { context, services } = atTerminal(null);
    expect(await dismissRemovalsCommand(context, { source: 'northwind' })).toBe(0);
    expect(services.decisions).toEqual([{ sourceId: 'northwind', dismissed: 'contact' }]);
  });
});
