import { jest } from '@jest/globals';
import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { CardOutcome } from '@crm-sync/ui';
import { linkedRecord, recordState, renderCard } from './support/card';

const changed: CardOutcome = {
  outcome: 'changed',
  changes: [
    { label: 'Mobile phone', before: '+49 30 0074321', after: '+49 30 0074399' },
    { label: 'Fax', before: '030-0076545' },
    { label: 'City', after: 'München' },
  ],
};

describe('syncing', () => {
  it('starts on a click and on the keyboard', async () => {
    const user = userEvent.setup();
    const { onSync } = renderCard(recordState());
    await user.click(screen.getByRole('button', { name: 'Sync now' }));
    screen.getByRole('button', { name: 'Sync now' }).focus();
    await user.keyboard('{Enter}');
    expect(onSync).toHaveBeenCalledTimes(2);
  });

  it('shows progress, keeps the focus on its button, and cannot be started twice', () => {
    const { onSync, show } = renderCard(recordState());
    screen.getByRole('button', { name: 'Sync now' }).focus();
    show(recordState({ isSyncing: true }));
    const button = screen.getByRole('button', { name: 'Syncing…' });
    expect(button).toHaveFocus();
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByRole('progressbar')).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('Syncing…');
    fireEvent.click(button);
    expect(onSync).not.toHaveBeenCalled();
  });

  it('can be cancelled', () => {
    const { onCancel } = renderCard(recordState({ isSyncing: true }));
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(onCancel).toHaveBeenCalledTimes(1);
  });
});

describe('after a sync', () => {
  it('lists what changed, from what to what, and announces it politely', () => {
    renderCard(recordState({ outcome: changed }));
    const items = screen.getAllByRole('listitem').map((item) => item.textContent);
    expect(items).toEqual([
      'Mobile phonefrom +49 30 0074321 to +49 30 0074399',
      'Faxfrom 030-0076545 to empty',
      'Cityfrom empty to München',
    ]);
    expect(screen.getByRole('status')).toHaveTextContent('3 fields updated from Northwind');
  });

  it('counts one field as one', () => {
    renderCard(recordState({ outcome: { ...changed, changes: changed.changes.slice(0, 1) } }));
    expect(screen.getByRole('status')).toHaveTextContent('1 field updated from Northwind');
  });

  it.each([
    ['created', 'Created from Northwind'],
    ['unchanged', 'Already up to date'],
    ['stale', 'What Northwind gave is older than this row, so nothing was changed'],
    ['filtered', 'This record is left out by the mapping, so nothing was changed'],
    ['removed', 'Removed in Northwind'],
  ] as const)('%s is told in words', (outcome, words) => {
    renderCard(recordState({ outcome: { outcome, changes: [] } }));
    expect(screen.getByRole('status')).toHaveTextContent(words);
    expect(screen.queryByRole('list')).toBeNull();
  });

  it.each(['removed', 'filtered', 'unchanged'] as const)('a removal is told once, with what it means (%s)', (outcome) => {
    renderCard(recordState({ record: { ...linkedRecord, state: 'removed' }, outcome: { outcome, changes: [] } }));
    expect(screen.getAllByText('Removed in Northwind', { ignore: '[role=status]' })).toHaveLength(1);
    expect(screen.getByText(/^The record no longer exists there/)).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent(/^Removed in Northwind/);
  });

  it('goes away when dismissed, and the focus returns to the sync button', () => {
    const { onDismiss, show } = renderCard(recordState({ outcome: changed }));
    const dismiss = screen.getByRole('button', { name: 'Dismiss' });
    dismiss.focus();
    fireEvent.click(dismiss);
    show(recordState());
    expect(onDismiss).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole('list')).toBeNull();
    expect(screen.getByRole('button', { name: 'Sync now' })).toHaveFocus();
  });

  it('a failure keeps the record on screen and offers another try', () => {
    const problem = { kind: 'other', title: 'The CRM cannot be reached', help: 'Try later.', reference: '01J' } as const;
    const { onSync } = renderCard(recordState({ problem }));
    expect(screen.getByText('100001')).toBeVisible();
    expect(screen.getByText('Reference 01J')).toBeVisible();
    expect(screen.getByText('Last sync failed')).toBeVisible();
    expect(screen.queryByText('In sync')).toBeNull();
    expect(screen.getByRole('status')).toHaveTextContent('The CRM cannot be reached. Try later.');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onSync).toHaveBeenCalledTimes(1);
  });
});

describe('edits that are not saved', () => {
  it('are named, with what happens to them, before anything is done', () => {
    const { onSyncAnyway } = renderCard(recordState({ overwrites: ['City', 'Mobile phone'] }));
    expect(screen.getByText(/^Northwind has other values for: City, Mobile phone\./)).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('You have edits that are not saved');
    fireEvent.click(screen.getByRole('button', { name: 'Sync anyway' }));
    expect(onSyncAnyway).toHaveBeenCalledTimes(1);
  });

  it('stay when the person thinks better of it, and the keyboard is back on the sync button', () => {
    const { onCancel } = renderCard(recordState({ overwrites: ['City'] }));
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(onCancel).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('button', { name: 'Sync now' })).toHaveFocus();
  });
});

describe('copying the link', () => {
  it('copies the address and says so', async () => {
    const onCopy = jest.fn((_text: string) => Promise.resolve());
    renderCard(recordState(), { onCopy });
    fireEvent.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(onCopy).toHaveBeenCalledWith('https://crm.example/people/100001');
    expect(await screen.findByText('Link copied')).toHaveAttribute('aria-live', 'polite');
  });

  it('says when it could not', async () => {
    renderCard(recordState(), { onCopy: () => Promise.reject(new Error('not allowed')) });
    fireEvent.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(await screen.findByText('The link could not be copied')).toBeVisible();
  });

  it.each([
    ['no safe address', { url: 'javascript:alert(1)' }, () => Promise.resolve()],
    ['no clipboard', {}, undefined],
  ])('is not offered where there is %s', (_what, record, onCopy) => {
    renderCard(recordState({ record: { ...linkedRecord, ...record } }), { onCopy });
    expect(screen.queryByRole('button', { name: 'Copy link' })).toBeNull();
  });
});

describe('the link to the CRM', () => {
  it('is opened by the host on a plain click, and by the browser with a modifier', () => {
    const { onOpen } = renderCard(recordState());
    const link = screen.getByRole('link');
    expect(fireEvent.click(link)).toBe(false);
    expect(onOpen).toHaveBeenCalledWith('https://crm.example/people/100001');
    fireEvent.click(link, { ctrlKey: true });
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '/people/1', 'file:///etc/passwd', ''])(
    'is not offered for the address %p',
    (url) => {
      renderCard(recordState({ record: { ...linkedRecord, url } }));
      expect(screen.queryByRole('link')).toBeNull();
    },
  );
});

describe('hostile data', () => {
  const markup = '<img src=x onerror="alert(1)">';

  it('is shown as the text that it is', () => {
    const { container } = renderCard(
      recordState({
        record: { ...linkedRecord, source: { name: markup }, recordId: markup },
        outcome: { outcome: 'changed', changes: [{ label: markup, before: markup, after: markup }] },
      }),
    );
    expect(container.querySelector('img')).toBeNull();
    expect(screen.getAllByText(markup)).toHaveLength(5);
  });

  it('cannot turn the direction of the words around it', () => {
    const mixed = '\u202Eمرحبا 123';
    renderCard(recordState({ record: { ...linkedRecord, recordId: mixed } }));
    expect(screen.getByText(mixed).tagName).toBe('BDI');
  });

  it('of 300 characters is there whole, on hover too', () => {
    const long = 'x'.repeat(300);
    renderCard(recordState({ record: { ...linkedRecord, recordId: long } }));
    expect(screen.getByText(long)).toHaveAttribute('title', long);
  });
});
