/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { counts, run, source } from './support/bodies.ts';
import { clickShown } from './support/click-shown.ts';
import { openPanel } from './support/open-panel.tsx';

describe('the list of runs', () => {
  it('says of each run what it was, how it ended and its numbers', async () => {
    await openPanel('#/runs', (state) => {
      state.runs = [run({ isDryRun: true, counts: counts({ read: 61204, written: 1302, failed: 12 }) })];
    });
    const row = within(await screen.findByRole('row', { name: /Full dry run of Northwind Traders CRM/ }));
    for (const text of ['Succeeded', '61,204', '1,302', '12', '1 min 5 sec', 'run-1']) expect(row.getByText(text)).toBeInTheDocument();
    expect(row.getByRole('link')).toHaveAttribute('href', '#/runs/run-1');
    expect(row.getByRole('button', { name: 'Copy Run run-1' })).toBeInTheDocument();
  });

  it.each([
    ['full', { failed: 2, withheld: 14 }, 'Finished with failures'],
    ['full', { failed: 0, withheld: 14 }, 'Finished, removals wait'],
    ['verify', { failed: 0 }, 'The two sides differ'],
  ] as const)('says what a %s run with %j waits for', async (mode, ended, text) => {
    await openPanel('#/runs', (state) => {
      state.runs = [run({ mode, state: 'partial', counts: counts({ read: 100, ...ended }) })];
    });
    expect(within(await screen.findByRole('row', { name: /Northwind Traders CRM/ })).getByText(text)).toBeInTheDocument();
  });

  it('has the exact time for who can hover or focus', async () => {
    await openPanel('#/runs', (state) => {
      state.runs = [run()];
    });
    const row = await screen.findByRole('row', { name: /Full sync/ });
    const time = row.querySelector('time');
    expect(time).toHaveAttribute('datetime', '2026-11-22T08:00:00.000Z');
    // Fluent's list moves the one tab stop with the arrow keys: 0 and -1 both take the focus.
    expect(time).toHaveAttribute('tabindex');
  });

  it('teaches what runs are when there is none', async () => {
    await openPanel('#/runs');
    expect(await screen.findByRole('heading', { name: 'No sync has run yet' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /first one/ })).toHaveAttribute('href', '#/');
  });

  it('shows the runs of one source only, at an address that can be kept', async () => {
    await openPanel('#/runs', (state) => {
      state.sources = [source(), source({ id: 'emea', name: 'Salesforce EMEA' })];
      state.runs = [run(), run({ id: 'run-2', sourceId: 'emea' })];
    });
    await screen.findByRole('row', { name: /Northwind/ });
    await userEvent.click(screen.getByRole('combobox', { name: /Source/ }));
    await clickShown(() => screen.getByRole('option', { name: 'Salesforce EMEA' }));
    await waitFor(() => expect(screen.queryByRole('row', { name: /Northwind/ })).not.toBeInTheDocument());
    expect(await screen.findByRole('row', { name: /Salesforce EMEA/ })).toBeInTheDocument();
    expect(location.hash).toBe('#/runs?source=emea');
  });

  it('keeps the name of a source that is not configured any more', async () => {
    await openPanel('#/runs', (state) => {
      state.runs = [run({ sourceId: 'gone' })];
    });
    expect(await screen.findByRole('link', { name: 'Full sync of gone' })).toBeInTheDocument();
  });
});
