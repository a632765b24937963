import { jest } from '@jest/globals';
import { fireEvent, screen } from '@testing-library/react';
import { cardStrings } from './support/strings';
import { linkedRecord, recordState, renderCard } from './support/card';

describe('a row in sync', () => {
  it('names the CRM and the record, says how fresh it is, and offers to sync', () => {
    renderCard(recordState());
    expect(screen.getByText('Northwind')).toBeVisible();
    expect(screen.getByText('100001')).toBeVisible();
    expect(screen.getByRole('region', { name: 'CRM record' })).toHaveTextContent('In sync');
    expect(screen.getByText('3 minutes ago').closest('time')).toHaveAttribute('datetime', '2026-11-22T11:57:00.000Z');
    expect(screen.getByText('2 days ago')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Sync now' })).toBeEnabled();
  });

  it('links to the record in a new tab that cannot reach back', () => {
    renderCard(recordState());
    const link = screen.getByRole('link', { name: /Open in Northwind \(opens a new tab\)/ });
    expect(link).toHaveAttribute('href', 'https://crm.example/people/100001');
    expect(link).toHaveAttribute('target', '_blank');
    expect(link).toHaveAttribute('rel', expect.stringContaining('noopener'));
  });

  it('says nothing to a screen reader by itself', () => {
    renderCard(recordState());
    expect(screen.getByRole('status')).toBeEmptyDOMElement();
  });

  it('leaves out what is not known', () => {
    renderCard(recordState({ record: { state: 'inSync', source: { name: 'Northwind' } } }));
    expect(screen.queryByText(/checked/)).toBeNull();
    expect(screen.queryByText(/synced/)).toBeNull();
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('takes the host’s label as its name', () => {
    renderCard(recordState(), { label: 'Customer in Northwind' });
    expect(screen.getByRole('region', { name: 'Customer in Northwind' })).toBeInTheDocument();
  });
});

describe('layouts', () => {
  const known = { ...linkedRecord, sourceModifiedOn: '2026-11-19T12:00:00.000Z' };

  it('full lists the id and every time, each with the exact one', () => {
    renderCard(recordState({ record: known }), { layout: 'full' });
    const facts = screen.getAllByRole('definition').map((value) => value.textContent);
    expect(facts).toEqual([
      '100001',
      expect.stringMatching(/^3 days ago.*November 19, 2026/),
      expect.stringMatching(/^3 minutes ago.*November 22, 2026/),
      expect.stringMatching(/^2 days ago.*November 20, 2026/),
    ]);
    expect(screen.getAllByRole('term').map((term) => term.textContent)).toEqual([
      'Record ID',
      'Last change in Northwind',
      'Last checked',
      'Last synced',
    ]);
    expect(screen.queryByText(/^checked/)).toBeNull();
  });

  it('full says of a time that is not known that it is not', () => {
    renderCard(recordState({ record: { ...known, syncedOn: undefined } }), { layout: 'full' });
    expect(screen.getByText('not known')).toBeVisible();
  });

  it('several CRMs are shown one after the other, each with its own way there', () => {
    const otherRecords = [
      { source: { name: 'ServiceNow' }, recordId: 'abc', url: 'https://now.example/abc' },
      { source: { name: 'Zendesk' }, recordId: '7', url: 'javascript:alert(1)' },
    ];
    renderCard(recordState({ record: { ...linkedRecord, otherRecords } }));
    expect(screen.getByText('Also linked to')).toBeVisible();
    expect(screen.getByText('abc')).toBeVisible();
    expect(screen.getByText('Zendesk')).toBeVisible();
    expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
      'https://crm.example/people/100001',
      'https://now.example/abc',
    ]);
  });

  it.each([
    ['salesforce', 'salesforce'],
    ['a CRM of our own', 'letter'],
    ['constructor', 'letter'],
    [undefined, 'letter'],
  ])('the mark of %p is a %s', (mark, shown) => {
    const { container } = renderCard(recordState({ record: { ...linkedRecord, mark } }));
    expect(container.querySelector('[data-mark]')).toHaveAttribute('data-mark', shown);
  });

  it.each([
    ['👩‍👩‍👧 Family CRM', '👩‍👩‍👧'],
    ['émile', 'É'],
    ['', ''],
  ])('the letter of %p is one letter as people see it', (name, letter) => {
    const { container } = renderCard(recordState({ record: { ...linkedRecord, source: { name } } }));
    expect(container.querySelector('[data-mark]')).toHaveTextContent(letter);
  });
});

describe('each state has words and one next step', () => {
  it('loading: says so, and shows no button yet', () => {
    renderCard({ kind: 'loading' });
    expect(screen.getByText('Loading the CRM status')).toBeInTheDocument();
    expect(screen.getByRole('region')).toHaveAttribute('aria-busy', 'true');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('loading a record that the form knows: which one, since when, and no button yet', () => {
    const record = { source: { name: 'Salesforce EMEA' }, recordId: '0035g', syncedOn: '2026-11-20T12:00:00.000Z' };
    const { container } = renderCard({ kind: 'loading', record });
    expect(screen.getByText('Salesforce EMEA')).toBeVisible();
    expect(container.querySelector('[data-mark]')).toHaveAttribute('data-mark', 'salesforce');
    expect(screen.getByText('0035g')).toBeVisible();
    expect(screen.getByText('2 days ago')).toBeVisible();
    expect(screen.getByRole('region')).toHaveAttribute('aria-busy', 'true');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('loading such a record slowly: it stays, and the wait is spoken of', () => {
    renderCard({ kind: 'loading', isSlow: true, record: { source: { name: 'Northwind' }, recordId: '100001' } });
    expect(screen.getByText('100001')).toBeVisible();
    expect(screen.getByText('Still waiting for CRM Sync')).toBeVisible();
  });

  it('loading in the full layout: a time that may yet be told is not called never', () => {
    const record = { source: { name: 'Northwind' }, recordId: '100001', syncedOn: '2026-11-20T12:00:00.000Z' };
    renderCard({ kind: 'loading', record }, { layout: 'full' });
    expect(screen.getByText('2 days ago')).toBeVisible();
    expect(screen.getAllByText('…')).toHaveLength(2);
    expect(screen.queryByText('never')).toBeNull();
  });

  it.each([
    ['apiAddress', /API address of this control is missing/],
    ['signIn', /sign-in authority of this control/],
    ['table', /table of this control must be account or contact/],
  ] as const)('not configured (%s): names the property and whom to ask', (gap, words) => {
    renderCard({ kind: 'notConfigured', gap });
    expect(screen.getByText('Not configured')).toBeVisible();
    expect(screen.getByText(words)).toHaveTextContent('Ask whoever set up this form.');
  });

  it('not saved: save first', () => {
    renderCard({ kind: 'unsaved' });
    expect(screen.getByText('Save it to see its CRM record.')).toBeVisible();
  });

  it('not linked: says when the link appears, and offers no sync', () => {
    renderCard(recordState({ record: { state: 'notLinked' } }));
    expect(screen.getByText('Not linked to a CRM record')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('waiting for its account', () => {
    renderCard(recordState({ record: { ...linkedRecord, state: 'waitingForParent' } }));
    expect(screen.getByText('Waiting for its account')).toBeVisible();
    expect(screen.getByText(/has not arrived yet/)).toBeVisible();
  });

  it('removed in the CRM', () => {
    renderCard(recordState({ record: { ...linkedRecord, state: 'removed' } }));
    expect(screen.getByText('Removed in Northwind')).toBeVisible();
    expect(screen.getByText(/not updated any more/)).toBeVisible();
  });

  it('last sync failed: why, what to do, try again', () => {
    const failure = { reason: 'The value for lastname has 120 characters; 50 fit', help: 'Shorten it in the CRM.' };
    const { onSync } = renderCard(recordState({ record: { ...linkedRecord, state: 'failed', failure } }));
    expect(screen.getByText('Last sync failed')).toBeVisible();
    expect(screen.getByText(failure.reason)).toBeVisible();
    expect(screen.getByText(failure.help)).toBeVisible();
    screen.getByRole('button', { name: 'Try again' }).click();
    expect(onSync).toHaveBeenCalledTimes(1);
  });

  it.each(['unreachable', 'noAnswer', 'signedOut', 'forbidden', 'notFound', 'unexpected'] as const)(
    '%s: what is, what to do, try again',
    (kind) => {
      const strings = cardStrings();
      const { onRetry } = renderCard({ kind: 'problem', problem: { kind, reference: 'ref-7' } });
      expect(screen.getByText(strings[kind])).toBeVisible();
      expect(screen.getByText(strings[`${kind}Help`])).toBeVisible();
      expect(screen.getByText('Reference ref-7')).toBeVisible();
      expect(screen.getByRole('status')).toHaveTextContent(strings[kind]);
      screen.getByRole('button', { name: 'Try again' }).click();
      expect(onRetry).toHaveBeenCalledTimes(1);
    },
  );

  it('offline: says so, and offers no button, for it is over by itself', () => {
    renderCard({ kind: 'problem', problem: { kind: 'offline' } });
    expect(screen.getByText('You are offline')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('signed out, where a person can sign in: that, and nothing else', () => {
    const onSignIn = jest.fn<() => void>();
    const { onRetry } = renderCard({ kind: 'problem', problem: { kind: 'signedOut' } }, { onSignIn });
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(onSignIn).toHaveBeenCalledTimes(1);
    expect(onRetry).not.toHaveBeenCalled();
    expect(screen.getAllByRole('button')).toHaveLength(1);
  });

  it('slow to load: says so aloud, and keeps waiting', () => {
    renderCard({ kind: 'loading', isSlow: true });
    expect(screen.getByText('Still waiting for CRM Sync')).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('You can go on working.');
    expect(screen.getByRole('region')).toHaveAttribute('aria-busy', 'true');
  });

  it('slow to sync: says that one can go on working, and can still be cancelled', () => {
    renderCard(recordState({ isSyncing: true, isSlow: true }));
    expect(screen.getByText(/^The CRM takes its time/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeVisible();
  });

  it('out of date: since when, what to do (aloud), and the one button stands out', () => {
    renderCard(recordState({ record: { ...linkedRecord, state: 'outOfDate', sourceModifiedOn: '2026-11-22T11:55:00.000Z' } }));
    expect(screen.getByText('5 minutes ago').closest('[data-tone]')).toHaveTextContent(/^Changed in Northwind 5 minutes ago/);
    expect(screen.getByRole('status')).toHaveTextContent('Changed in Northwind. Sync now brings the changes here.');
    expect(screen.getByRole('button', { name: 'Sync now' })).toHaveClass('ms-Button--primary');
  });

  it('out of date since nobody knows when: says so without a time', () => {
    renderCard(recordState({ record: { ...linkedRecord, state: 'outOfDate', sourceModifiedOn: undefined } }));
    expect(screen.getByText('Changed in Northwind', { selector: '[data-tone] span' })).toBeVisible();
  });

  it('being checked, or not to be checked: in place of when it was', () => {
    const { show } = renderCard(recordState({ isChecking: true }));
    expect(screen.getByText('checking…')).toBeVisible();
    expect(screen.queryByText('3 minutes ago')).toBeNull();
    show(recordState({ hasCheckFailed: true }));
    expect(screen.getByText('could not be checked just now')).toBeVisible();
    expect(screen.getByText('In sync')).toBeVisible();
  });

  it('read-only: shows everything and offers nothing', () => {
    renderCard(recordState(), { isReadOnly: true });
    expect(screen.getByText('In sync')).toBeVisible();
    expect(screen.getByText('You cannot change this row, so you cannot sync it either.')).toBeVisible();
    expect(screen.getByRole('link')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('any other problem is told in the service’s own words', () => {
    renderCard({ kind: 'problem', problem: { kind: 'other', title: 'The CRM is limiting us', help: 'Try again later.' } });
    expect(screen.getByText('The CRM is limiting us')).toBeVisible();
    expect(screen.getByText('Try again later.')).toBeVisible();
    expect(screen.queryByText(/Reference/)).toBeNull();
  });
});
