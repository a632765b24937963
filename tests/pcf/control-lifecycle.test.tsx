/** @jest-environment ./tests/pcf/support/browser-environment.cjs */
import { jest } from '@jest/globals';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { type LocalServices, startLocalServices } from './support/local-services';
import type { MockHost } from './support/mock-context';
import { onContactForm as contactForm, problem, record, requests, rowRequests, synced } from './support/contact-form';
import { mountControl } from './support/mounted-control';

const statusRequest = requests.status;
const syncRequest = requests.sync;

let services: LocalServices;
beforeEach(async () => {
  services = await startLocalServices();
  services.answer(statusRequest, { body: record });
  services.answer(requests.check, { body: record });
});
afterEach(() => services.close());

const onContactForm = (): MockHost => contactForm(services);
const asked = (request: string): readonly string[] => services.requests.filter((made) => made.startsWith(request));

describe('opening a form', () => {
  it('signs in once and shows the status that the API gives for the source key', async () => {
    mountControl(onContactForm());
    expect(await screen.findByText('In sync')).toBeVisible();
    expect(asked(statusRequest)).toEqual([`${statusRequest} Bearer token-1-of-agent`]);
    expect(services.signIns).toEqual(['agent']);
  });

  it('asks by the row’s id where the row has no key yet', async () => {
    services.answer(rowRequests.status, { body: { table: 'contact', state: 'notLinked' } });
    mountControl({ ...onContactForm(), sourceKey: null });
    expect(await screen.findByText('Not linked to a CRM record')).toBeVisible();
  });

  it('signs in as the person that the authority names', async () => {
    mountControl({ ...onContactForm(), authority: `${services.authority}?login_hint=admin` });
    await screen.findByText('In sync');
    expect(services.signIns).toEqual(['admin']);
  });

  it('takes the table from its property before the host’s', async () => {
    services.answer('GET /api/records/account/by-key/northwind~100001', { body: { ...record, table: 'account' } });
    mountControl({ ...onContactForm(), table: 'account' });
    expect(await screen.findByText('In sync')).toBeVisible();
  });

  it('does not ask again when the host draws it anew', async () => {
    const { update } = mountControl(onContactForm());
    await screen.findByText('In sync');
    update({});
    update({});
    expect(asked(statusRequest)).toHaveLength(1);
  });

  it('asks for the other row when the form moves on', async () => {
    services.answer('GET /api/records/contact/by-key/northwind~2', { body: { ...record, recordId: '2' } });
    const { update } = mountControl(onContactForm());
    await screen.findByText('100001');
    update({ sourceKey: 'northwind~2' });
    expect(await screen.findByText('2')).toBeVisible();
    expect(screen.queryByText('100001')).toBeNull();
  });
});

describe('what keeps it from asking', () => {
  it.each<[string, MockHost, string]>([
    ['no API address', { apiBaseUrl: null }, 'Not configured'],
    ['an API address that is a script', { apiBaseUrl: 'javascript:alert(1)' }, 'Not configured'],
    ['an authority that is not supported yet', { authority: 'https://login.microsoftonline.com/x' }, 'Not configured'],
    ['a table that is not ours', { table: 'lead' }, 'Not configured'],
    ['a new row', { sourceKey: null, contextInfo: { entityTypeName: 'contact', entityId: '' } }, 'This row is not saved yet'],
    ['no key, and a host that tells no id', { sourceKey: '', table: 'contact', contextInfo: undefined }, 'Not linked to a CRM record'],
    ['no network', { isOffline: true }, 'You are offline'],
  ])('%s: says so, and sends nothing', async (_name, condition, words) => {
    mountControl({ ...onContactForm(), ...condition });
    expect(await screen.findByText(words)).toBeVisible();
    expect(services.requests).toEqual([]);
    expect(services.signIns).toEqual([]);
  });

  it('is over when the network is back', async () => {
    const { update } = mountControl({ ...onContactForm(), isOffline: true });
    update({ isOffline: false });
    expect(await screen.findByText('In sync')).toBeVisible();
  });
});

describe('Sync now', () => {
  it('shows what changed, and tells the form by the event', async () => {
    const onSyncCompleted = jest.fn();
    services.answer(syncRequest, { body: synced });
    mountControl({ ...onContactForm(), events: { onSyncCompleted } });
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('Business Phone')).toBeVisible();
    expect(onSyncCompleted).toHaveBeenCalledWith({ outcome: 'changed', changedColumns: ['telephone1'] });
    expect(asked(syncRequest)).toHaveLength(1);
  });

  it('works in a host that knows no events', async () => {
    services.answer(syncRequest, { body: { ...synced, outcome: 'unchanged', changes: [] } });
    mountControl({ ...onContactForm(), events: undefined });
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('Already up to date', { selector: 'section bdi' })).toBeVisible();
  });

  it('stays quiet towards the form when it failed, and can be tried again', async () => {
    const onSyncCompleted = jest.fn();
    services.answer(syncRequest, problem(502, 'crm.unreachable'));
    mountControl({ ...onContactForm(), events: { onSyncCompleted } });
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    expect(await screen.findByText('It failed')).toBeVisible();
    expect(screen.getByText('Reference ref-1')).toBeVisible();
    expect(onSyncCompleted).not.toHaveBeenCalled();
    services.answer(syncRequest, { body: synced });
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Business Phone')).toBeVisible();
  });

  it('is asked for once, however often it is clicked', async () => {
    services.answer(syncRequest, { body: synced });
    mountControl(onContactForm());
    const button = await screen.findByRole('button', { name: 'Sync now' });
    fireEvent.click(button);
    fireEvent.click(button);
    await screen.findByText('Business Phone');
    expect(asked(syncRequest)).toHaveLength(1);
  });

  it('can be cancelled: the request is given up, the card says what that means, and the button is there again', async () => {
    services.answer(syncRequest, new Promise(() => undefined));
    mountControl(onContactForm());
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    await waitFor(() => expect(asked(syncRequest)).toHaveLength(1));
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.getByRole('button', { name: 'Sync now' })).toBeEnabled();
    expect(screen.getByRole('status')).toHaveTextContent('If the sync had already begun, it still finishes.');
    await waitFor(() => expect(services.abandoned).toContain(syncRequest));
  });
});

describe('problems', () => {
  it.each([
    [403, 'identity.forbidden', 'You may not see the CRM status'],
    [404, 'record.not_found', 'There is no such row, or you may not read it'],
    [503, 'store.unavailable', 'It failed'],
  ])('HTTP %d %s is told in words', async (status, code, words) => {
    services.answer(statusRequest, problem(status, code));
    mountControl(onContactForm());
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('a refused token is not used again', async () => {
    services.answer(statusRequest, problem(401, 'identity.unauthorised'));
    mountControl(onContactForm());
    await screen.findByText('You are signed out');
    services.answer(statusRequest, { body: record });
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('In sync');
    expect(asked(statusRequest).at(-1)).toBe(`${statusRequest} Bearer token-2-of-agent`);
  });

  it('an API that is not there is told apart from one that refuses', async () => {
    const elsewhere = await startLocalServices();
    await elsewhere.close();
    mountControl({ ...onContactForm(), apiBaseUrl: elsewhere.url });
    expect(await screen.findByText('CRM Sync cannot be reached')).toBeVisible();
  });

  it('a sign-in that is not there leaves the person signed out', async () => {
    mountControl({ ...onContactForm(), authority: `${services.url}/elsewhere` });
    expect(await screen.findByText('You are signed out')).toBeVisible();
  });

  it('a mistake while drawing stays in the control’s own box', async () => {
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const formatDateShort = () => {
      throw new Error('no such format');
    };
    mountControl({ ...onContactForm(), formatDateShort });
    expect(await screen.findByText('Something went wrong here')).toBeVisible();
    quiet.mockRestore();
  });
});

describe('leaving the form', () => {
  it('gives up the request for the status', async () => {
    services.answer(statusRequest, new Promise(() => undefined));
    const { leave } = mountControl(onContactForm());
    await waitFor(() => expect(services.requests).toHaveLength(1));
    leave();
    await waitFor(() => expect(services.abandoned).toEqual([statusRequest]));
  });

  it('gives up a sync, raises no event and leaves nothing behind', async () => {
    const onSyncCompleted = jest.fn();
    const warned = jest.spyOn(console, 'error');
    services.answer(syncRequest, new Promise(() => undefined));
    const { leave, container } = mountControl({ ...onContactForm(), events: { onSyncCompleted } });
    fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));
    await waitFor(() => expect(asked(syncRequest)).toHaveLength(1));
    leave();
    await waitFor(() => expect(services.abandoned).toContain(syncRequest));
    expect(container).toBeEmptyDOMElement();
    expect(onSyncCompleted).not.toHaveBeenCalled();
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe('towards the host', () => {
  it('reports no outputs, so that the form is never dirty', () => {
    const { control } = mountControl(onContactForm());
    expect(control.getOutputs()).toEqual({});
  });

  it('opens the record through the host', async () => {
    const { openUrl } = mountControl(onContactForm());
    fireEvent.click(await screen.findByRole('link'));
    expect(openUrl).toHaveBeenCalledWith('https://crm.example/people/100001');
  });

  it('writes right to left where the host does', async () => {
    const { container } = mountControl({ ...onContactForm(), isRTL: true });
    await screen.findByText('In sync');
    expect(container.firstElementChild).toHaveAttribute('dir', 'rtl');
  });

  it('speaks the host’s language', async () => {
    mountControl({ ...onContactForm(), languageId: '1049' });
    expect(await screen.findByRole('button', { name: 'Обновить' })).toBeVisible();
  });
});
