/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { problem, run, runningRun, statement, verifyClass } from './support/bodies.ts';
import { openPanel } from './support/open-panel.tsx';

describe('the page of a verification', () => {
  it('says that the sides do not agree, what differs, how many, and which', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [run({ mode: 'verify', state: 'partial' })];
      state.statement = statement([
        verifyClass('same', { found: 998, records: 998, rows: 998 }),
        verifyClass('missing', { found: 2, records: 2, samples: [{ recordId: '100001' }, { recordId: '100002' }] }),
        verifyClass('doubled', { found: 1, rows: 1, samples: [{ rowId: 'b0e5c3a0-0000-4000-8000-000000000001' }] }),
        verifyClass('stale'),
      ]);
    });
    expect(await screen.findByRole('heading', { name: 'Verification of Northwind Traders CRM' })).toBeInTheDocument();
    expect(await screen.findByText('The CRM and Dataverse do not agree.')).toBeInTheDocument();
    const missing = screen.getByRole('row', { name: /Missing in Dataverse/ });
    const cells = within(missing).getAllByRole('cell');
    expect(cells.map((cell) => cell.textContent)).toEqual(['2', '2', '0']);
    expect(screen.queryByRole('row', { name: /Stale/ })).not.toBeInTheDocument();
    for (const id of ['100001', '100002', 'b0e5c3a0-0000-4000-8000-000000000001']) expect(screen.getByText(id)).toBeInTheDocument();
    expect(screen.getByText('a'.repeat(64))).toBeInTheDocument();
    expect(screen.getByText('b'.repeat(64))).toBeInTheDocument();
  });

  it('says that the sides agree after a repair, and what was put right', async () => {
    await openPanel('#/runs/run-1', (state) => {
      const [table] = statement([
        verifyClass('same', { found: 998, records: 1000, rows: 1000 }),
        verifyClass('missing', { found: 2 }),
      ]).tables;
      state.runs = [run({ mode: 'verify', repairs: true })];
      state.statement = statement([], { agrees: true, repairs: true, tables: table === undefined ? [] : [{ ...table, repaired: 2 }] });
    });
    expect(await screen.findByText('The CRM and Dataverse agree.')).toBeInTheDocument();
    expect(screen.getByText('2 put right')).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /Missing in Dataverse 2 0 0/ })).toBeInTheDocument();
  });

  it('tells of removals that wait for a person', async () => {
    await openPanel('#/runs/run-1', (state) => {
      const [table] = statement([verifyClass('orphaned', { found: 120, rows: 120 })]).tables;
      state.runs = [run({ mode: 'verify', state: 'partial' })];
      state.statement = statement([], { tables: table === undefined ? [] : [{ ...table, withheldRemovals: 120 }] });
    });
    expect(await screen.findByText(/120 removals wait for a person/)).toBeInTheDocument();
  });

  it('keeps the statement as a file', async () => {
    const api = await openPanel('#/runs/run-1', (state) => {
      state.runs = [run({ mode: 'verify' })];
      state.statement = statement([]);
    });
    const kept: { readonly name: string; readonly blob: Blob }[] = [];
    let made = new Blob();
    URL.createObjectURL = (blob: Blob) => {
      made = blob;
      return 'blob:kept';
    };
    URL.revokeObjectURL = () => undefined;
    HTMLAnchorElement.prototype.click = function click(this: HTMLAnchorElement) {
      kept.push({ name: this.download, blob: made });
    };
    await userEvent.click(await screen.findByRole('button', { name: 'Download the statement (JSON)' }));
    await userEvent.click(screen.getByRole('button', { name: 'Download the statement (text)' }));
    await waitFor(() => expect(kept).toHaveLength(2));
    expect(kept.map(({ name }) => name)).toEqual(['verify-northwind-2026-11-22.json', 'verify-northwind-2026-11-22.txt']);
    expect(kept.map(({ blob }) => blob.type)).toEqual(['application/json', 'text/plain']);
    expect(api.requests.map(({ line }) => line)).toContain('GET /api/runs/run-1/statement.txt');
  });

  it('while it works, says what it does; a statement that cannot be read is told with what to do', async () => {
    await openPanel('#/runs/run-1', (state) => {
      state.runs = [runningRun(10, { mode: 'verify' }), run({ id: 'run-2', mode: 'verify' })];
      state.problems['GET /api/runs/run-2/statement'] = problem();
    });
    expect(await screen.findByText(/what differs is looked at again/)).toBeInTheDocument();
    location.hash = '#/runs/run-2';
    expect(await screen.findByText('The database cannot be used')).toBeInTheDocument();
  });

  it('is started from the overview, with a repair or without', async () => {
    const api = await openPanel('#/', (state) => {
      state.runs = [run({ mode: 'verify' })];
      state.statement = statement([]);
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Start sync' }));
    await userEvent.click(await screen.findByRole('radio', { name: 'Verify: compare every record with its row' }));
    expect(screen.queryByRole('checkbox', { name: /Dry run/ })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('checkbox', { name: 'Repair: put right what differs' }));
    await userEvent.click(screen.getByRole('button', { name: 'Start verification' }));
    await waitFor(() => expect(api.requests.map(({ line }) => line)).toContain('POST /api/runs'));
    expect(api.requests.find(({ line }) => line === 'POST /api/runs')?.body).toEqual({
      sourceId: 'northwind',
      mode: 'verify',
      tables: ['account', 'contact'],
      repairs: true,
    });
  });
});
