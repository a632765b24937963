/** @jest-environment ./tests/pcf/support/browser-environment.cjs */
import { jest } from '@jest/globals';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { onContactForm, onUnlinkedForm, problem, record, requests, rowRequests, synced } from './support/contact-form';
import { type LocalServices, startLocalServices } from './support/local-services';
import { mountControl } from './support/mounted-control';

let services: LocalServices;
beforeEach(async () => {
  services = await startLocalServices();
  services.answer(requests.status, { body: record });
});
afterEach(() => services.close());

const made = (): readonly string[] => services.requests.map((request) => request.split(' ').slice(0, 2).join(' '));

describe('before the API answers', () => {
  it('the card says which record it is, and when it was synced, as the form’s columns do', async () => {
    services.answer(requests.status, new Promise(() => undefined));
    const { container } = mountControl({
      ...onContactForm(services),
      sourceCrm: 'Northwind Traders',
      recordId: 'P-100001',
      lastSyncedOn: new Date('2026-01-05T08:00:00Z'),
    });
    expect(screen.getByText('Northwind Traders')).toBeVisible();
    expect(screen.getByText('P-100001')).toBeVisible();
    expect(container.querySelector('time')).toHaveAttribute('datetime', '2026-01-05T08:00:00.000Z');
    expect(screen.getByText('Loading the CRM status')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
    // Nobody was asked for any of it.
    expect(services.signIns).toEqual([]);
    await waitFor(() => expect(made()).toEqual([requests.status]));
  });

  it('the source key alone tells the source and the record, as the CRM writes its id', () => {
    mountControl({ ...onContactForm(services), sourceKey: 'sf-emea~0035g00000_xa1_02f_0c3_0bc' });
    expect(screen.getByText('sf-emea')).toBeVisible();
    expect(screen.getByText('0035g00000Xa1/ü')).toBeVisible();
  });

  it('no link is offered: the row’s own address may lead anywhere', () => {
    mountControl({ ...onContactForm(services), sourceCrm: 'Northwind', recordId: '100001' });
    expect(screen.queryByRole('link')).toBeNull();
  });

  it.each([null, 'no-key', 'source~%00', 'source~_0ff'])('nothing is made up where the key is %p', (sourceKey) => {
    mountControl({ ...onContactForm(services), sourceKey, sourceCrm: 'Northwind', recordId: '100001' });
    expect(screen.queryByText('Northwind')).toBeNull();
    expect(screen.getByText('Loading the CRM status')).toBeInTheDocument();
  });

  it('a problem takes the place of what was shown', async () => {
    services.answer(requests.status, problem(404, 'record.not_found'));
    mountControl({ ...onContactForm(services), sourceCrm: 'Northwind' });
    expect(await screen.findByText('There is no such row, or you may not read it')).toBeVisible();
    expect(screen.queryByText('100001')).toBeNull();
  });
});

describe('when the form opens', () => {
  it('the CRM is asked once whether the record has changed, after what is known was shown', async () => {
    services.answer(requests.check, {
      body: { ...record, state: 'outOfDate', sourceModifiedOn: '2026-11-22T11:58:00.000Z' },
    });
    mountControl(onContactForm(services));
    expect(await screen.findByText('In sync')).toBeVisible();
    expect(await screen.findByText(/^Changed in Northwind/, { selector: '[data-tone] span' })).toBeVisible();
    expect(made()).toEqual([requests.status, requests.check]);
  });

  it('what was known stays when the CRM cannot be asked, and says so', async () => {
    services.answer(requests.check, problem(502, 'crm.unreachable'));
    mountControl(onContactForm(services));
    expect(await screen.findByText('could not be checked just now')).toBeVisible();
    expect(screen.getByText('In sync')).toBeVisible();
    expect(screen.queryByText('It failed')).toBeNull();
  });

  it('a record that was removed meanwhile shows as removed', async () => {
    services.answer(requests.check, { body: { ...record, state: 'removed' } });
    mountControl(onContactForm(services));
    expect(await screen.findByText('Removed in Northwind')).toBeVisible();
  });

  it('a row that is not linked is not checked', async () => {
    services.answer(rowRequests.status, { body: { table: 'contact', state: 'notLinked' } });
    mountControl(onUnlinkedForm(services));
    await screen.findByText('Not linked to a CRM record');
    // The check would come with the next frame.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    expect(made()).toEqual([rowRequests.status]);
  });

  it('the check is given up when the form closes', async () => {
    services.answer(requests.check, new Promise(() => undefined));
    const { leave } = mountControl(onContactForm(services));
    expect(await screen.findByText('checking…')).toBeVisible();
    await waitFor(() => expect(made()).toContain(requests.check));
    leave();
    await waitFor(() => expect(services.abandoned).toEqual([requests.check]));
  });

  it('a sync does not wait for the check: it gives it up', async () => {
    services.answer(requests.check, new Promise(() => undefined));
    services.answer(requests.sync, { body: synced });
    mountControl(onContactForm(services));
    await screen.findByText('checking…');
    await waitFor(() => expect(made()).toContain(requests.check));
    fireEvent.click(screen.getByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('Business Phone')).toBeVisible();
    expect(services.abandoned).toEqual([requests.check]);
  });
});

describe('a sync that is quicker than the check', () => {
  it('is not wiped by it: what it has told stays', async () => {
    services.answer(requests.check, { body: record });
    services.answer(requests.sync, { body: synced });
    const { promise: status, resolve: tell } = Promise.withResolvers<{ readonly body: object }>();
    services.answer(requests.status, status);
    mountControl(onContactForm(services));
    await waitFor(() => expect(made()).toEqual([requests.status]));
    // A page that is not looked at paints nothing, so the check waits.
    const frames: FrameRequestCallback[] = [];
    const cancel = jest.spyOn(window, 'cancelAnimationFrame');
    const hidden = jest.spyOn(window, 'requestAnimationFrame').mockImplementation((frame) => frames.push(frame));
    tell({ body: record });
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('Business Phone')).toBeVisible();
    hidden.mockRestore();
    const cancelled = cancel.mock.calls.flat();
    cancel.mockRestore();
    frames.forEach((frame, index) => cancelled.includes(index + 1) || frame(0));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(screen.queryByText('checking…')).toBeNull();
    expect(made()).toEqual([requests.status, requests.sync]);
    expect(screen.getByText('Business Phone')).toBeVisible();
  });
});

describe('after a sync', () => {
  it('the card shows its own columns as the row now has them, read with the agent’s rights', async () => {
    services.answer(requests.check, { body: record });
    services.answer(requests.sync, { body: synced });
    const asked: unknown[] = [];
    const retrieveRecord = (...question: readonly unknown[]) => {
      asked.push(question);
      return Promise.resolve({ ccsync_sourcecrmid: '100001-new', ccsync_lastsyncedon: null });
    };
    mountControl({ ...onContactForm(services), webAPI: { retrieveRecord } });
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('100001-new')).toBeVisible();
    expect(screen.getByText('Business Phone')).toBeVisible();
    expect(asked).toEqual([
      [
        'contact',
        '0a6a4d62-0000-4000-8000-0000000000aa',
        '?$select=ccsync_sourcecrmid,ccsync_sourcecrmurl,ccsync_sourcemodifiedon,ccsync_lastsyncedon',
      ],
    ]);
  });

  it('nothing is lost where the host lets no column be read', async () => {
    services.answer(requests.check, { body: record });
    services.answer(requests.sync, { body: synced });
    mountControl(onContactForm(services));
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('Business Phone')).toBeVisible();
    expect(screen.getByText('100001')).toBeVisible();
  });
});
