/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { counts, failure, part, problem, run, runningRun } from './support/bodies.ts';
import { openPanel } from './support/open-panel.tsx';

describe('the page of a run', () => {
  it('moves with the run until it is over, without being reloaded', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [runningRun(100, { recordsPerSecond: 1840 })];
    });
    await waitFor(() => expect(api.streams()).toBe(1));
    api.move(runningRun(5000, { recordsPerSecond: 1840 }));
    expect(await screen.findByText(/5,000 records read · 1,840 records\/s/)).toBeInTheDocument();
    expect(screen.getByRole('progressbar')).toBeInTheDocument();
    api.move(run({ counts: counts({ read: 61204, written: 1302, unchanged: 59902 }) }));
    expect(await screen.findByText(/^61,204 records read · Took/)).toBeInTheDocument();
    expect(screen.getByText('Succeeded')).toBeInTheDocument();
    expect(screen.queryByRole('progressbar')).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Sync again' })).toBeInTheDocument();
  });

  it('tells screen readers when the state changes', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [runningRun(100)];
    });
    await waitFor(() => expect(api.streams()).toBe(1));
    expect(await screen.findByText('Running. 100 records read.')).toHaveAttribute('role', 'status');
    api.move(run({ state: 'partial', counts: counts({ read: 200, written: 197, failed: 3 }) }));
    expect(await screen.findByText('Finished with failures. 200 records read. 3 failed.')).toBeInTheDocument();
  });

  it('shows how far a full run is, judged by the last full one', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [
        runningRun(250, { recordsPerSecond: 25 }),
        run({ id: 'dry', mode: 'incremental', counts: counts({ read: 3 }) }),
        run({ id: 'earlier', counts: counts({ read: 1000 }) }),
      ];
    });
    expect(await screen.findByText(/about 25% of 1,000 · about 30 sec left/)).toBeInTheDocument();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
  });

  it('claims no share of the way when nobody knows how long it is', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [runningRun(250, { mode: 'incremental' }), run({ id: 'earlier' })];
    });
    await screen.findByText('250 records read');
    expect(screen.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow');
  });

  it('says where every record went, and each table', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [
        run({
          counts: counts({ read: 30, written: 10, unchanged: 17, failed: 3 }),
          parts: [
            part('account', 'complete', { read: 10, written: 10 }),
            part('contact', 'complete', { read: 20, unchanged: 17, failed: 3 }),
          ],
        }),
      ];
    });
    const equation = await screen.findByRole('group', { name: 'Where the records went' });
    expect(equation.textContent).toMatch(/read 30\s*= written 10\s*\+ unchanged 17\s*\+ failed 3/);
    const contacts = screen.getByRole('row', { name: /Contacts Complete/ });
    expect(
      within(contacts)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['Complete', '20', '0', '17', '0', '0', '3', '0']);
  });

  it('does not call a table running once the run is over', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [
        run({ state: 'cancelled', tables: ['account', 'contact'], parts: [part('account', 'stopped'), part('contact', 'waiting')] }),
      ];
    });
    expect(await screen.findByRole('row', { name: /Accounts Stopped/ })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /Contacts Not reached/ })).toBeInTheDocument();
  });

  it('lists the failed records by reason, the most common first, with what to do', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [run({ state: 'partial', counts: counts({ read: 200, written: 190, failed: 10 }) })];
      state.failures = [
        failure('100007', { code: 'record.write_failed', reason: 'Dataverse refused the row', help: 'Correct the value.' }),
        ...Array.from({ length: 7 }, (_, index) => failure(String(index))),
      ];
    });
    const groups = (await screen.findAllByRole('heading', { level: 3 })).map((heading) => heading.textContent?.trim());
    expect(groups).toEqual(['7 records mapping.value_too_long', '1 record record.write_failed']);
    expect(screen.getByText('The first 8 of 10')).toBeInTheDocument();
    expect(screen.getByText('Shorten it in the CRM.')).toBeInTheDocument();
    expect(screen.getByText('Correct the value.')).toBeInTheDocument();
    expect(screen.getAllByText(/lastname has 61/)).toHaveLength(5);
    await userEvent.click(screen.getByRole('button', { name: 'Show all 7' }));
    expect(screen.getAllByText(/lastname has 61/)).toHaveLength(7);
  });

  it('fetches the failures while the run is still going', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [runningRun(100)];
    });
    await waitFor(() => expect(api.streams()).toBe(1));
    api.state.failures = [failure('100007')];
    api.move(runningRun(200, { counts: counts({ read: 200, unchanged: 199, failed: 1 }) }));
    expect(await screen.findByText('100007', {}, { timeout: 5_000 })).toBeInTheDocument();
  });

  it('shows of a dry run what would change, per column, and offers to do it', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [
        run({
          isDryRun: true,
          mode: 'incremental',
          counts: counts({ read: 10, unchanged: 7, withheld: 3 }),
          plannedChanges: [
            { table: 'contact', created: 1, updated: 2, columns: { jobtitle: 1, mobilephone: 2 }, sampleRecordIds: ['100001'] },
          ],
        }),
      ];
    });
    expect(await screen.findByText('1 would be created · 2 would be updated')).toBeInTheDocument();
    const rows = within(screen.getByRole('region', { name: /What would change/ })).getAllByRole('row');
    expect(rows.map((row) => row.textContent)).toEqual(['ColumnRows', 'mobilephone2', 'jobtitle1']);
    expect(screen.getByRole('group', { name: 'Where the records went' })).toHaveTextContent('would be written 3');
    await userEvent.click(await screen.findByRole('button', { name: 'Now sync for real' }));
    const panel = within(await screen.findByRole('dialog', { name: 'Sync Northwind Traders CRM' }));
    await userEvent.click(panel.getByRole('button', { name: 'Start sync' }));
    await waitFor(() =>
      expect(api.requests.find(({ line }) => line === 'POST /api/runs')?.body).toEqual({
        sourceId: 'northwind',
        mode: 'incremental',
        tables: ['account', 'contact'],
        isDryRun: false,
      }),
    );
  });

  it('says of a dry run that nothing would change', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [run({ isDryRun: true })];
    });
    expect(await screen.findByText(/Nothing would change/)).toBeInTheDocument();
  });

  it('does not say of a cancelled dry run that nothing would change', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [run({ isDryRun: true, state: 'cancelled' })];
    });
    expect(await screen.findByText(/did not get through all of it/)).toBeInTheDocument();
    expect(screen.queryByText(/Nothing would change/)).not.toBeInTheDocument();
  });

  it('cancels only after asking, and says what stays', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [runningRun(100, { counts: counts({ read: 1400, written: 1302, unchanged: 98 }) })];
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel the run' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/1,302 rows are written and stay as they are/)).toBeInTheDocument();
    expect(api.requests.some(({ line }) => line.endsWith('/cancel'))).toBe(false);
    await userEvent.click(dialog.getByRole('button', { name: 'Cancel the run' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(api.requests.filter(({ line }) => line === 'POST /api/runs/run-1/cancel')).toHaveLength(1);
  });

  it('lets a run wait, and go on', async () => {
    const running = runningRun(100);
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [running];
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(api.requests.some(({ line }) => line === 'POST /api/runs/run-1/pause')).toBe(true));
    api.move({ ...running, state: 'paused' });
    expect(await screen.findByText(/waits until somebody resumes it/)).toBeInTheDocument();
    await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
    await waitFor(() => expect(api.requests.some(({ line }) => line === 'POST /api/runs/run-1/resume')).toBe(true));
  });

  it('says why a run is not to be believed', async () => {
    const note = {
      table: 'account',
      code: 'run.read_nothing',
      title: 'The CRM gave no account at all',
      help: 'Nothing was removed.',
    } as const;
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [run({ state: 'suspicious', notes: [note] })];
    });
    expect(await screen.findByText('Finished, not to be believed')).toBeInTheDocument();
    expect(await screen.findByText(/The CRM gave no account at all. Nothing was removed./)).toBeInTheDocument();
  });

  it('says that the connection broke, and that it is back', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [runningRun(100)];
    });
    await waitFor(() => expect(api.streams()).toBe(1));
    api.breakStreams();
    expect(await screen.findByText(/The live connection broke/)).toBeInTheDocument();
    await waitFor(() => expect(api.streams()).toBe(2));
    await waitFor(() => expect(screen.queryByText(/The live connection broke/)).not.toBeInTheDocument());
  });

  it('says why a run failed as a whole', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [
        run({ state: 'failed', error: { code: 'crm.unreachable', title: 'The CRM cannot be reached', help: 'See whether it is up.' } }),
      ];
    });
    expect(await screen.findByText(/The CRM cannot be reached/)).toBeInTheDocument();
    expect(screen.getByText(/See whether it is up/)).toBeInTheDocument();
    expect(screen.getByText('crm.unreachable')).toBeInTheDocument();
  });

  it('of a run that does not exist is a problem with a way to support', async () => {
    await openPanel('#/runs/nothing');
    expect(await screen.findByRole('heading', { level: 1, name: 'There is no such run' })).toBeInTheDocument();
    expect(screen.getByText('run.unknown')).toBeInTheDocument();
    expect(screen.getByText('req-7')).toBeInTheDocument();
  });

  it('comes back after a failure when the reader tries again', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [run()];
      state.problems['GET /api/runs/run-1'] = problem();
    });
    await screen.findByRole('heading', { name: 'The database cannot be used' });
    delete api.state.problems['GET /api/runs/run-1'];
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Full sync of Northwind Traders CRM' })).toBeInTheDocument();
  });
});
