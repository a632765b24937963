/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import type { OpenFailure } from '@crm-sync/client';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { failure, problem, source } from './support/bodies.ts';
import { openPanel } from './support/open-panel.tsx';

const openFailure = (recordId: string, changes: Partial<OpenFailure> = {}): OpenFailure => ({
  ...failure(recordId),
  help: 'Shorten it in the CRM.',
  firstSeenOn: '2026-11-01T10:00:00.000Z',
  lastSeenOn: '2026-11-01T11:00:00.000Z',
  tries: 3,
  isIgnored: false,
  isRetryAsked: false,
  ...changes,
});
const path = '/api/sources/northwind/failures';
const card = async (name: string) => within(await screen.findByRole('article', { name }));

describe('the failed records', () => {
  it('stand under their reason, with what to do, how often they were tried and when they are tried next', async () => {
    await openPanel('#/failures', (state) => {
      state.openFailures = [
        openFailure('100001', { note: 'with the ERP team' }),
        openFailure('100002', { isRetryAsked: true }),
        openFailure('100003', { code: '0x80072321', reason: 'Dataverse is busy', help: 'Wait.' }),
      ];
    });
    const long = await card('2 contacts mapping.value_too_long');
    expect(long.getByText('Shorten it in the CRM.')).toBeInTheDocument();
    await userEvent.click(long.getByRole('button', { name: 'Show records' }));
    expect(await long.findByText('100001')).toBeInTheDocument();
    expect(long.getByText('with the ERP team')).toBeInTheDocument();
    expect(long.getByText('with its next change')).toBeInTheDocument();
    expect(long.getByText('now')).toBeInTheDocument();
    expect(long.queryByText('100003')).not.toBeInTheDocument();
    expect(await card('1 contact 0x80072321')).toBeTruthy();
  });

  it('of one reason are tried again now, and the reader is told how many', async () => {
    const api = await openPanel('#/failures', (state) => {
      state.openFailures = [openFailure('100001'), openFailure('100002')];
    });
    const group = await card('2 contacts mapping.value_too_long');
    await userEvent.click(group.getByRole('button', { name: 'Try all again now' }));
    expect(await group.findByText('2 records are tried again now.')).toBeInTheDocument();
    const body = { action: 'retry', table: 'contact', code: 'mapping.value_too_long' };
    expect(api.requests).toContainEqual({ line: `POST ${path}`, body });
  });

  it('can be ignored, and an ignored reason only be tried again', async () => {
    const api = await openPanel('#/failures', (state) => {
      state.openFailures = [openFailure('100001'), openFailure('9', { code: '0x1', isIgnored: true })];
    });
    await userEvent.click((await card('1 contact mapping.value_too_long')).getByRole('button', { name: 'Ignore' }));
    expect(api.requests).toContainEqual({
      line: `POST ${path}`,
      body: { action: 'ignore', table: 'contact', code: 'mapping.value_too_long' },
    });
    expect((await card('1 contact 0x1')).queryByRole('button', { name: 'Ignore' })).not.toBeInTheDocument();
  });

  it('are those of one source, which can be chosen', async () => {
    const api = await openPanel('#/failures?source=servicenow', (state) => {
      state.sources = [source(), source({ id: 'servicenow', name: 'ServiceNow' })];
    });
    expect(await screen.findByRole('heading', { name: 'No record has failed' })).toBeInTheDocument();
    expect(api.requests.some(({ line }) => line.startsWith('GET /api/sources/servicenow/failures'))).toBe(true);
    expect(screen.getByRole('link', { name: 'Failed records' })).toHaveAttribute('aria-current', 'page');
  });

  it('that cannot be asked for are told with the reason', async () => {
    await openPanel('#/failures', (state) => {
      state.openFailures = [openFailure('1')];
      state.problems[`POST ${path}`] = problem({ title: 'The database cannot be used' });
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Try all again now' }));
    expect(await screen.findByText(/The database cannot be used/)).toBeInTheDocument();
  });
});
