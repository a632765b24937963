/** @jest-environment ./tests/pcf/support/browser-environment.cjs */
import { jest } from '@jest/globals';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { onUnlinkedForm, problem, requests, rowRequests, synced } from './support/contact-form';
import { type LocalServices, startLocalServices } from './support/local-services';
import { mountControl } from './support/mounted-control';

const anna = { sourceId: 'northwind', sourceName: 'Northwind', recordId: '100001', name: 'Anna Berg' };

let services: LocalServices;
beforeEach(async () => {
  services = await startLocalServices();
  services.answer(rowRequests.status, { body: { table: 'contact', state: 'notLinked', mayLink: true } });
  services.answer(rowRequests.candidates, { body: { candidates: [anna], unsearched: [] } });
  services.answer(rowRequests.link, { body: synced });
});
afterEach(() => services.close());

const sentTo = (request: string): unknown[] => services.bodies.filter((_body, index) => services.requests[index]?.startsWith(request));
const find = async () => fireEvent.click(await screen.findByRole('button', { name: 'Find in CRM' }));
const choose = async () => fireEvent.click(await screen.findByRole('button', { name: /^Link Anna Berg/ }));

describe('a row that is not linked', () => {
  it('is found by what it says, linked after a yes, and shows at once what came', async () => {
    const onSyncCompleted = jest.fn();
    mountControl({ ...onUnlinkedForm(services), events: { onSyncCompleted } });
    await find();
    await choose();
    expect(sentTo(rowRequests.link)).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: 'Link and sync' }));
    expect(await screen.findByText('Business Phone')).toBeVisible();
    expect(sentTo(rowRequests.candidates)).toEqual([{}]);
    expect(sentTo(rowRequests.link)).toEqual([{ sourceId: 'northwind', recordId: '100001' }]);
    expect(onSyncCompleted).toHaveBeenCalledWith({ outcome: 'changed', changedColumns: ['telephone1'] });
  });

  it('keeps showing what came when the form has learnt the new key, and syncs by it from then on', async () => {
    services.answer(requests.sync, { body: { ...synced, outcome: 'unchanged', changes: [] } });
    const { update } = mountControl(onUnlinkedForm(services));
    await find();
    await choose();
    fireEvent.click(screen.getByRole('button', { name: 'Link and sync' }));
    await screen.findByText('Business Phone');
    update({ sourceKey: 'northwind~100001' });
    expect(screen.getByText('Business Phone')).toBeVisible();
    fireEvent.click(screen.getByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('Already up to date', { selector: 'section bdi' })).toBeVisible();
    expect(sentTo(requests.status)).toEqual([]);
  });

  it('can be searched by other words', async () => {
    mountControl(onUnlinkedForm(services));
    await find();
    fireEvent.change(await screen.findByRole('textbox'), { target: { value: 'Berg' } });
    fireEvent.click(screen.getByRole('button', { name: 'Search' }));
    await waitFor(() => expect(sentTo(rowRequests.candidates)).toEqual([{}, { words: 'Berg' }]));
  });

  it('says which CRMs could not be searched', async () => {
    const unsearched = [{ sourceId: 'zd', sourceName: 'Zendesk', code: 'crm.unreachable', title: 'It is down', help: 'Wait.' }];
    services.answer(rowRequests.candidates, { body: { candidates: [anna], unsearched } });
    mountControl(onUnlinkedForm(services));
    await find();
    expect(await screen.findByText('Could not be searched just now: Zendesk')).toBeVisible();
    expect(screen.getByText('Anna Berg')).toBeVisible();
  });

  it('says why the search failed, and keeps the box for another try', async () => {
    services.answer(rowRequests.candidates, problem(502, 'crm.unreachable'));
    mountControl(onUnlinkedForm(services));
    await find();
    expect(await screen.findByText('It failed')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Search' })).toBeEnabled();
  });

  it('says why it could not be linked, and can be tried again', async () => {
    services.answer(rowRequests.link, problem(409, 'record.linked_elsewhere'));
    mountControl(onUnlinkedForm(services));
    await find();
    await choose();
    fireEvent.click(screen.getByRole('button', { name: 'Link and sync' }));
    expect(await screen.findByText('It failed')).toBeVisible();
    services.answer(rowRequests.link, { body: synced });
    fireEvent.click(screen.getByRole('button', { name: 'Link and sync' }));
    expect(await screen.findByText('Business Phone')).toBeVisible();
  });

  it('warns of edits that the form holds', async () => {
    const onBeforeSync = (parameters?: unknown) =>
      (parameters as { reportUnsavedColumns: (columns: readonly string[]) => void }).reportUnsavedColumns(['jobtitle']);
    mountControl({ ...onUnlinkedForm(services), events: { onBeforeSync } });
    await find();
    await choose();
    expect(screen.getByText(/edits on this form that are not saved/)).toBeVisible();
  });

  it.each([
    ['closing the search', 'Close', rowRequests.candidates],
    ['cancelling the link', 'Cancel', rowRequests.link],
  ])('gives up the request on %s', async (_what, button, request) => {
    mountControl(onUnlinkedForm(services));
    if (request === rowRequests.candidates) services.answer(request, new Promise(() => undefined));
    await find();
    if (request === rowRequests.link) {
      services.answer(request, new Promise(() => undefined));
      await choose();
      fireEvent.click(screen.getByRole('button', { name: 'Link and sync' }));
    }
    await waitFor(() => expect(sentTo(request)).toHaveLength(1));
    fireEvent.click(screen.getByRole('button', { name: button }));
    await waitFor(() => expect(services.abandoned).toEqual([request]));
  });

  it('gives up the search when the form closes', async () => {
    services.answer(rowRequests.candidates, new Promise(() => undefined));
    const { leave } = mountControl(onUnlinkedForm(services));
    await find();
    await waitFor(() => expect(sentTo(rowRequests.candidates)).toHaveLength(1));
    leave();
    await waitFor(() => expect(services.abandoned).toEqual([rowRequests.candidates]));
  });
});
