/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { counts, dataverseUse, problem, run, runningRun, source } from './support/bodies.ts';
import { openPanel } from './support/open-panel.tsx';

const card = async (name = 'Northwind Traders CRM') => within(await screen.findByRole('article', { name }));

describe('the overview', () => {
  it('names the browser tab and is the current place in the navigation', async () => {
    await openPanel('#/');
    expect(await screen.findByRole('heading', { level: 1, name: 'Overview' })).toBeInTheDocument();
    expect(document.title).toBe('Overview · CRM Sync');
    expect(screen.getByRole('link', { name: 'Overview' })).toHaveAttribute('aria-current', 'page');
    expect(screen.getByRole('link', { name: 'Runs' })).not.toHaveAttribute('aria-current');
  });

  it('tells of each source how its last run went, in words and numbers', async () => {
    const lastRun = run({ state: 'partial', counts: counts({ read: 100412, written: 100398, failed: 14 }) });
    await openPanel('#/', (state) => {
      state.sources = [source({ lastRun }), source({ id: 'new', name: 'ServiceNow' })];
    });
    const northwind = await card();
    expect(northwind.getByText('Finished with failures')).toBeInTheDocument();
    expect(northwind.getByText('100,412')).toBeInTheDocument();
    expect(northwind.getByText('14')).toBeInTheDocument();
    expect(northwind.getByRole('link', { name: 'Full' })).toHaveAttribute('href', '#/runs/run-1');
    expect((await card('ServiceNow')).getByText('Never synced')).toBeInTheDocument();
  });

  it('says how soon the next scheduled run of a source is', async () => {
    const nextOn = new Date(Date.now() + 7.5 * 60_000).toISOString();
    const later = new Date(Date.now() + 5 * 86_400_000).toISOString();
    await openPanel('#/', (state) => {
      state.sources = [
        source({
          schedules: [
            { mode: 'full', rule: '0 3 * * 0 (UTC)', nextOn: later },
            { mode: 'incremental', rule: 'every 15m', nextOn },
          ],
        }),
      ];
    });
    expect(await (await card()).findByText('in 7 minutes')).toBeInTheDocument();
  });

  it('warns of a webhook that has been silent for longer than usual, and says how far behind the CRM the rows are', async () => {
    const lag = { measured: 9, lastMilliseconds: 1, medianMilliseconds: 2_000, p95Milliseconds: 12_000, p99Milliseconds: 13_000 };
    const hook = {
      address: 'https://sync.example.com/webhooks/northwind',
      lastOn: new Date(Date.now() - 2 * 3_600_000).toISOString(),
      lastDay: 9,
      waiting: 3,
      isSilent: true,
      secrets: [],
      refused: [],
    };
    await openPanel('#/', (state) => {
      state.sources = [
        source({ webhooks: { hooks: [hook], lagFromEvent: lag, erasuresWaiting: 0 } }),
        source({ id: 'heard', name: 'Heard', webhooks: { hooks: [{ ...hook, isSilent: false }], erasuresWaiting: 0 } }),
      ];
    });
    const northwind = await card();
    expect(await northwind.findByText(/The webhook has been silent for 2/)).toBeInTheDocument();
    expect(northwind.getByText(/within 2\D.*, 95 of 100 within 12\D.* Waiting: 3\./)).toBeInTheDocument();
    expect((await card('Heard')).queryByText(/silent/)).not.toBeInTheDocument();
  });

  it('teaches what a source is when there is none', async () => {
    await openPanel('#/', (state) => {
      state.sources = [];
    });
    expect(await screen.findByRole('heading', { name: 'No CRM is connected yet' })).toBeInTheDocument();
    expect(screen.getByText(/docs\/guides\/configure.md/)).toBeInTheDocument();
  });

  it('checks the connection to a CRM and says that it answers', async () => {
    await openPanel('#/');
    await userEvent.click((await card()).getByRole('button', { name: 'Check connection' }));
    expect(await (await card()).findByText('The CRM answers (124 ms)')).toBeInTheDocument();
  });

  it('says why a CRM does not answer and what to do', async () => {
    await openPanel('#/', (state) => {
      state.problems['POST /api/sources/northwind/check'] = problem({
        code: 'crm.unreachable',
        title: 'The CRM cannot be reached',
        status: 502,
      });
    });
    await userEvent.click((await card()).getByRole('button', { name: 'Check connection' }));
    const northwind = await card();
    expect(await northwind.findByText(/The CRM cannot be reached/)).toBeInTheDocument();
    expect(northwind.getByText(/Check that the server is up/)).toBeInTheDocument();
    expect(northwind.getByText('crm.unreachable')).toBeInTheDocument();
    expect(northwind.getByText('req-7')).toBeInTheDocument();
  });

  it('starts the run that was chosen and goes to its page', async () => {
    const api = await openPanel('#/', (state) => {
      state.runs = [runningRun(10, { id: 'run-9', isDryRun: true })];
    });
    await userEvent.click((await card()).getByRole('button', { name: 'Start sync' }));
    const panel = within(await screen.findByRole('dialog', { name: 'Sync Northwind Traders CRM' }));
    await userEvent.click(panel.getByLabelText(/^Incremental/));
    await userEvent.click(panel.getByLabelText('Accounts'));
    await userEvent.click(panel.getByLabelText(/^Dry run/));
    await userEvent.click(panel.getByRole('button', { name: 'Start dry run' }));
    await waitFor(() => expect(location.hash).toBe('#/runs/run-9'));
    expect(api.requests.find(({ line }) => line === 'POST /api/runs')?.body).toEqual({
      sourceId: 'northwind',
      mode: 'incremental',
      tables: ['contact'],
      isDryRun: true,
    });
    expect(await screen.findByRole('heading', { level: 1, name: 'Full dry run of Northwind Traders CRM' })).toHaveFocus();
  });

  it('does not start a run of no table', async () => {
    await openPanel('#/');
    await userEvent.click((await card()).getByRole('button', { name: 'Start sync' }));
    const panel = within(await screen.findByRole('dialog', { name: 'Sync Northwind Traders CRM' }));
    await userEvent.click(panel.getByLabelText('Accounts'));
    await userEvent.click(panel.getByLabelText('Contacts'));
    expect(panel.getByRole('alert')).toHaveTextContent('Choose at least one table.');
    expect(panel.getByRole('button', { name: 'Start sync' })).toBeDisabled();
  });

  it('shows why a run could not be started, and keeps what was chosen', async () => {
    await openPanel('#/', (state) => {
      state.problems['POST /api/runs'] = problem();
    });
    await userEvent.click((await card()).getByRole('button', { name: 'Start sync' }));
    const panel = within(await screen.findByRole('dialog', { name: 'Sync Northwind Traders CRM' }));
    await userEvent.click(panel.getByLabelText(/^Incremental/));
    await userEvent.click(panel.getByRole('button', { name: 'Start sync' }));
    expect(await panel.findByText(/The database cannot be used/)).toBeInTheDocument();
    expect(panel.getByLabelText(/^Incremental/)).toBeChecked();
  });

  it('offers to watch the run that is under way', async () => {
    await openPanel('#/', (state) => {
      state.sources = [source({ lastRun: runningRun(10) })];
    });
    expect((await card()).getByRole('link', { name: 'Watch the run' })).toHaveAttribute('href', '#/runs/run-1');
  });

  it('says what of the day’s requests to Dataverse is used, and how fast it may go', async () => {
    await openPanel('#/');
    const line = within(await screen.findByRole('region', { name: 'Dataverse' }));
    expect(line.getByText('12,300 of 500,000 requests used today')).toBeInTheDocument();
    expect(line.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '2');
    expect(line.getByText('Up to 17 bulk requests at once, as 2 application users')).toBeInTheDocument();
  });

  it('says until when Dataverse takes nothing, and when no limit is set', async () => {
    await openPanel('#/', (state) => {
      state.dataverse = dataverseUse({
        users: [{ clientId: 'first', lanes: 4, pausedSeconds: 75 }],
        requests: { day: '2026-11-26', used: 7, resetsOn: '2026-11-27T00:00:00.000Z' },
      });
    });
    const line = within(await screen.findByRole('region', { name: 'Dataverse' }));
    expect(line.getByText('7 requests today; no limit is set')).toBeInTheDocument();
    expect(line.queryByRole('progressbar')).not.toBeInTheDocument();
    expect(line.getByText('Dataverse takes nothing for another 1 min 15 sec')).toBeInTheDocument();
  });

  it('says how long runs wait for room, so that nobody takes one for stuck', async () => {
    await openPanel('#/', (state) => {
      state.dataverse = dataverseUse({ waitingSeconds: 40 });
    });
    const line = within(await screen.findByRole('region', { name: 'Dataverse' }));
    expect(line.getByText('Runs wait 40 sec: what Dataverse allows in five minutes is used up. Agents are served.')).toBeInTheDocument();
  });
});
