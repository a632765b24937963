import { screen } from '@testing-library/react';
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

describe('each state has words and one next step', () => {
  it('loading: says so, and shows no button yet', () => {
    renderCard({ kind: 'loading' });
    expect(screen.getByText('Loading the CRM status')).toBeInTheDocument();
    expect(screen.getByRole('region')).toHaveAttribute('aria-busy', 'true');
    expect(screen.queryByRole('button')).toBeNull();
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

  it.each(['offline', 'unreachable', 'signedOut', 'forbidden', 'notFound', 'unexpected'] as const)(
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

  it('any other problem is told in the service’s own words', () => {
    renderCard({ kind: 'problem', problem: { kind: 'other', title: 'The CRM is limiting us', help: 'Try again later.' } });
    expect(screen.getByText('The CRM is limiting us')).toBeVisible();
    expect(screen.getByText('Try again later.')).toBeVisible();
    expect(screen.queryByText(/Reference/)).toBeNull();
  });
});
