/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import type { WaitingRemovals } from '@crm-sync/client';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { problem } from './support/bodies.ts';
import { openPanel } from './support/open-panel.tsx';

const many: WaitingRemovals = {
  table: 'contact',
  waiting: 110,
  linked: 1000,
  action: 'deactivate',
  mark: 'mark-of-110',
  recordIds: ['100001', '100002'],
};
const told = /110 of 1,000 contacts seem to be deleted in the CRM/;
const path = '/api/sources/northwind/removals';

describe('removals that wait', () => {
  it('are told on the card of their source, and approved after a look at what they are', async () => {
    const api = await openPanel('#/', (state) => {
      state.removals = [many];
    });
    expect(await screen.findByText(told)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Look and approve' }));
    expect(await screen.findByText('100002')).toBeInTheDocument();
    expect(screen.getByText('and 108 more')).toBeInTheDocument();
    expect(api.requests.some(({ line }) => line.includes('approve'))).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Remove 110' }));
    await waitFor(() => expect(screen.queryByText(told)).not.toBeInTheDocument());
    expect(api.requests).toContainEqual({
      line: `POST ${path}/approve`,
      body: { table: 'contact', atMost: 110, mark: 'mark-of-110' },
    });
  });

  it('can be dismissed, and the rows stay', async () => {
    const api = await openPanel('#/', (state) => {
      state.removals = [many];
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Keep the rows' }));
    await waitFor(() => expect(screen.queryByText(told)).not.toBeInTheDocument());
    expect(api.requests).toContainEqual({ line: `POST ${path}/dismiss`, body: { table: 'contact' } });
  });

  it('that have changed since are not approved, and the reader is told', async () => {
    await openPanel('#/', (state) => {
      state.removals = [many];
      state.problems[`POST ${path}/approve`] = problem({ code: 'removals.changed', title: 'Other removals wait by now', status: 409 });
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Look and approve' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Remove 110' }));
    expect(await screen.findByText(/Other removals wait by now/)).toBeInTheDocument();
  });

  it('take no place where there are none', async () => {
    await openPanel('#/');
    expect(await screen.findByRole('button', { name: 'Start sync' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Look and approve' })).not.toBeInTheDocument();
  });
});
