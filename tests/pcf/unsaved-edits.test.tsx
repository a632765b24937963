/** @jest-environment ./tests/pcf/support/browser-environment.cjs */
import { fireEvent, screen } from '@testing-library/react';
import { onContactForm, record, requests, synced } from './support/contact-form';
import { type LocalServices, startLocalServices } from './support/local-services';
import { mountControl } from './support/mounted-control';

let services: LocalServices;
beforeEach(async () => {
  services = await startLocalServices();
  services.answer(requests.status, { body: record });
  services.answer(requests.check, { body: record });
  services.answer(requests.sync, { body: synced });
});
afterEach(() => services.close());

const sentToSync = (): unknown[] => services.bodies.filter((_body, index) => services.requests[index]?.startsWith(requests.sync));

/** A form script that reports these columns, as the documents let it. */
const withUnsaved = (...columns: readonly unknown[]) => ({
  onBeforeSync: (parameters?: unknown) =>
    (parameters as { reportUnsavedColumns: (columns: unknown) => void }).reportUnsavedColumns(columns),
});

const clickSync = async () => fireEvent.click(await screen.findByRole('button', { name: 'Sync now' }));

describe('an edit that was not saved', () => {
  it('of a column that the sync would change: nothing is written before the agent says yes', async () => {
    mountControl({ ...onContactForm(services), events: withUnsaved('telephone1', 'jobtitle') });
    await clickSync();
    expect(await screen.findByText(/^Northwind has other values for: Business Phone\./)).toBeVisible();
    expect(sentToSync()).toEqual([{ isDryRun: true }]);
    fireEvent.click(screen.getByRole('button', { name: 'Sync anyway' }));
    expect(await screen.findByText('1 field updated from Northwind', { selector: 'section bdi' })).toBeVisible();
    expect(sentToSync()).toEqual([{ isDryRun: true }, { isDryRun: false }]);
  });

  it('can be kept: Cancel leaves the row and the card as they were', async () => {
    mountControl({ ...onContactForm(services), events: withUnsaved('telephone1') });
    await clickSync();
    await screen.findByRole('button', { name: 'Sync anyway' });
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.getByText('In sync')).toBeVisible();
    expect(screen.queryByText('You stopped waiting')).toBeNull();
    expect(sentToSync()).toEqual([{ isDryRun: true }]);
  });

  it('of a column that the sync leaves alone is not in the way', async () => {
    mountControl({ ...onContactForm(services), events: withUnsaved('jobtitle') });
    await clickSync();
    expect(await screen.findByText('Business Phone')).toBeVisible();
    expect(sentToSync()).toEqual([{ isDryRun: true }, { isDryRun: false }]);
  });
});

describe('where nobody reports edits', () => {
  it.each([
    ['a form with no script', {}],
    ['a script with nothing to report', withUnsaved()],
    ['a script that reports nonsense', withUnsaved(7, null)],
    [
      'a script that breaks',
      {
        onBeforeSync: () => {
          throw new Error('a mistake in the form script');
        },
      },
    ],
  ])('%s: the sync goes straight through', async (_what, events) => {
    mountControl({ ...onContactForm(services), events });
    await clickSync();
    expect(await screen.findByText('Business Phone')).toBeVisible();
    expect(sentToSync()).toEqual([{ isDryRun: false }]);
  });
});
