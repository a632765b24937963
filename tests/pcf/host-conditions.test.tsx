/** @jest-environment ./tests/pcf/support/browser-environment.cjs */
import { jest } from '@jest/globals';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { onContactForm, onUnlinkedForm, record, requests, rowRequests } from './support/contact-form';
import { type LocalServices, startLocalServices } from './support/local-services';
import { mountControl } from './support/mounted-control';

let services: LocalServices;
beforeEach(async () => {
  services = await startLocalServices();
  services.answer(requests.status, { body: record });
  services.answer(requests.check, { body: record });
});
afterEach(() => services.close());

describe('where the API is', () => {
  const variable = (value: string | undefined, defaultvalue: string | null) => ({
    entities: [{ defaultvalue, environmentvariabledefinition_environmentvariablevalue: value === undefined ? [] : [{ value }] }],
    nextLink: '',
  });
  const noAddress = () => ({ ...onContactForm(services), apiBaseUrl: null });

  it('is said by the control’s property before the environment', async () => {
    const retrieveMultipleRecords = jest.fn(() => Promise.resolve(variable('https://elsewhere.example', null)));
    mountControl({ ...onContactForm(services), webAPI: { retrieveMultipleRecords } });
    expect(await screen.findByText('In sync')).toBeVisible();
    expect(retrieveMultipleRecords).not.toHaveBeenCalled();
  });

  it('is not known where the environment variable cannot be read, and is asked anew by the next form', async () => {
    const first = mountControl(noAddress());
    expect(await screen.findByText('Not configured')).toBeVisible();
    first.leave();
    const retrieveMultipleRecords = jest.fn(() => Promise.resolve(variable(services.url, null)));
    mountControl({ ...noAddress(), webAPI: { retrieveMultipleRecords } });
    expect(await screen.findByText('In sync')).toBeVisible();
    expect(retrieveMultipleRecords).toHaveBeenCalledWith(
      'environmentvariabledefinition',
      expect.stringContaining("schemaname eq 'ccsync_ApiUrl'"),
    );
    // Known for the page from now on.
    mountControl({ ...noAddress(), webAPI: { retrieveMultipleRecords } });
    await waitFor(() => expect(screen.getAllByText('In sync')).toHaveLength(2));
    expect(retrieveMultipleRecords).toHaveBeenCalledTimes(1);
  });
});

describe('what the host says', () => {
  it('hidden: asks nothing, and draws nothing, until it is shown', async () => {
    const { container, update } = mountControl({ ...onContactForm(services), isVisible: false });
    expect(container).toBeEmptyDOMElement();
    expect(services.requests).toEqual([]);
    update({ isVisible: true });
    expect(await screen.findByText('In sync')).toBeVisible();
  });

  it('disabled: shows, and offers no change', async () => {
    mountControl({ ...onContactForm(services), isDisabled: true });
    expect(await screen.findByText('In sync')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Sync now' })).toBeNull();
  });

  it('full layout: lists the times', async () => {
    mountControl({ ...onContactForm(services), layout: 'full' });
    expect(await screen.findByText('Last synced')).toBeVisible();
  });
});

describe('a person who may not change rows of the table', () => {
  it('sees all that is known, and is offered no sync', async () => {
    mountControl({ ...onContactForm(services), mayWrite: false });
    expect(await screen.findByText('You cannot change this row, so you cannot sync it either.')).toBeVisible();
    expect(screen.getByText('In sync')).toBeVisible();
    expect(screen.getByRole('link')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Sync now' })).toBeNull();
  });

  it('is offered no search for a record to link', async () => {
    services.answer(rowRequests.status, { body: { table: 'contact', state: 'notLinked', mayLink: true } });
    mountControl({ ...onUnlinkedForm(services), mayWrite: false });
    expect(await screen.findByText('Not linked to a CRM record')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Find in CRM' })).toBeNull();
  });

  it.each([true, undefined])('is nobody whom the host says %p of', async (mayWrite) => {
    mountControl({ ...onContactForm(services), mayWrite });
    expect(await screen.findByRole('button', { name: 'Sync now' })).toBeVisible();
  });
});

describe('a sign-in that needs the person', () => {
  it('is tried again on their click', async () => {
    mountControl({ ...onContactForm(services), authority: `${services.url}/elsewhere` });
    fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('You are signed out')).toBeVisible();
  });
});
