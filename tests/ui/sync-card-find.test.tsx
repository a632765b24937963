import type { CardCandidate, CardFind, FindActions, SyncCardState } from '@crm-sync/ui';
import { jest } from '@jest/globals';
import { fireEvent, screen, within } from '@testing-library/react';
import { linkedRecord, recordState, renderCard } from './support/card';

const anna: CardCandidate = {
  sourceId: 'northwind',
  sourceName: 'Northwind',
  recordId: '100001',
  name: 'Anna Berg',
  company: 'Contoso',
  city: 'Berlin',
  email: 'a•••@contoso.example',
  url: 'https://crm.example/people/100001',
};
const taken: CardCandidate = { ...anna, recordId: '2', name: 'Bo Ek', linkedRowId: 'row-2' };

const actions = () => ({
  onStart: jest.fn<FindActions['onStart']>(),
  onSearch: jest.fn<FindActions['onSearch']>(),
  onChoose: jest.fn<FindActions['onChoose']>(),
  onLink: jest.fn<FindActions['onLink']>(),
  onClose: jest.fn<FindActions['onClose']>(),
});

const notLinked = (find?: Partial<CardFind>): SyncCardState =>
  recordState({ record: { state: 'notLinked' }, ...(find ? { find: { isSearching: false, isLinking: false, ...find } } : {}) });

describe('a row that is not linked', () => {
  it('offers to find its record', () => {
    const finding = actions();
    renderCard(notLinked(), { finding });
    fireEvent.click(screen.getByRole('button', { name: 'Find in CRM' }));
    expect(finding.onStart).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['nothing can be searched', { state: 'notLinked', mayLink: false } as const, {}],
    ['the form is read-only', { state: 'notLinked' } as const, { isReadOnly: true }],
  ])('offers nothing where %s', (_why, record, props) => {
    renderCard(recordState({ record }), { finding: actions(), ...props });
    expect(screen.getByText('The link appears when a sync brings the record of this row.')).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('searching', () => {
  it('begins in the search box, and goes by words on Enter or on the button', () => {
    const finding = actions();
    renderCard(notLinked({ candidates: [] }), { finding });
    const box = screen.getByRole('textbox', { name: 'Name, e-mail address or phone number' });
    expect(box).toHaveFocus();
    fireEvent.change(box, { target: { value: '  Berg ' } });
    fireEvent.keyDown(box, { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: 'Search' }));
    expect(finding.onSearch.mock.calls).toEqual([['Berg'], ['Berg']]);
  });

  it('goes by what the row says when the box is empty', () => {
    const finding = actions();
    renderCard(notLinked({ candidates: [] }), { finding });
    fireEvent.click(screen.getByRole('button', { name: 'Search' }));
    expect(finding.onSearch).toHaveBeenCalledWith(undefined);
  });

  it('waits for a second letter: one would find everybody', () => {
    const finding = actions();
    renderCard(notLinked({ candidates: [] }), { finding });
    fireEvent.change(screen.getByRole('textbox'), { target: { value: ' B ' } });
    fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: 'Search' }));
    expect(finding.onSearch).not.toHaveBeenCalled();
  });

  it('shows progress, and says so', () => {
    renderCard(notLinked({ isSearching: true }), { finding: actions() });
    expect(screen.getByRole('progressbar')).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('Searching…');
  });

  it('is closed by Escape and by its button', () => {
    const finding = actions();
    renderCard(notLinked({ candidates: [] }), { finding });
    fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Escape' });
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(finding.onClose).toHaveBeenCalledTimes(2);
  });
});

describe('what was found', () => {
  it('lists who it is, where from, and which cannot be linked any more', () => {
    const finding = actions();
    renderCard(notLinked({ candidates: [anna, taken] }), { finding });
    expect(screen.getByRole('status')).toHaveTextContent('2 records found');
    const [first, second] = screen.getAllByRole('listitem');
    if (!first || !second) throw new Error('There should be two');
    for (const fact of ['Anna Berg', 'Contoso', 'Berlin', 'a•••@contoso.example', 'Northwind'])
      expect(within(first).getByText(fact)).toBeVisible();
    expect(within(second).getByText('Linked to another row')).toBeVisible();
    expect(within(second).queryByRole('button')).toBeNull();
    fireEvent.click(within(first).getByRole('button', { name: /^Link Anna Berg/ }));
    expect(finding.onChoose).toHaveBeenCalledWith(anna);
  });

  it('nothing: says what to try', () => {
    renderCard(notLinked({ candidates: [] }), { finding: actions() });
    expect(screen.getByText('No record found')).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('Try another name');
  });

  it.each([
    ['beside what was found', [anna], '1 record found. Could not be searched just now: Zendesk, ServiceNow'],
    ['where nothing was found', [], 'No record found. Could not be searched just now: Zendesk, ServiceNow'],
  ])('names the CRMs that could not be searched, %s', (_where, candidates, words) => {
    renderCard(notLinked({ candidates, unsearched: ['Zendesk', 'ServiceNow'] }), { finding: actions() });
    expect(screen.getByRole('status')).toHaveTextContent(words);
  });

  it('a search that failed says why', () => {
    renderCard(notLinked({ problem: { kind: 'unreachable', reference: 'ref-9' } }), { finding: actions() });
    expect(screen.getByText('CRM Sync cannot be reached')).toBeVisible();
    expect(screen.getByText('Reference ref-9')).toBeVisible();
  });

  it('is only text, whatever the CRM holds', () => {
    const hostile = { ...anna, name: '<img src=x onerror=alert(1)>', company: '\u202Eevil', url: 'javascript:alert(1)' };
    const { container } = renderCard(notLinked({ candidates: [hostile] }), { finding: actions() });
    expect(container.querySelector('img')).toBeNull();
    expect(screen.queryByRole('link')).toBeNull();
    expect(screen.getByText('\u202Eevil').tagName).toBe('BDI');
  });
});

describe('linking', () => {
  it('asks first, says what it overwrites, and puts the keyboard on the answer', () => {
    const finding = actions();
    renderCard(notLinked({ chosen: anna }), { finding });
    expect(screen.getByRole('group', { name: 'Link this row to Anna Berg in Northwind?' })).toBeVisible();
    expect(screen.getByText('The fields of this row then take their values from Northwind.')).toBeVisible();
    const yes = screen.getByRole('button', { name: 'Link and sync' });
    expect(yes).toHaveFocus();
    fireEvent.click(yes);
    expect(finding.onLink).toHaveBeenCalledWith(anna);
    fireEvent.click(screen.getByRole('button', { name: 'Back' }));
    expect(finding.onChoose).toHaveBeenCalledWith(undefined);
  });

  it('warns of edits that are not saved', () => {
    renderCard(notLinked({ chosen: anna, hasUnsavedEdits: true }), { finding: actions() });
    expect(screen.getByText(/edits on this form that are not saved/)).toBeVisible();
  });

  it('is done once, however often it is clicked, and can be given up', () => {
    const finding = actions();
    renderCard(notLinked({ chosen: anna, isLinking: true }), { finding });
    fireEvent.click(screen.getByRole('button', { name: 'Linking…' }));
    expect(finding.onLink).not.toHaveBeenCalled();
    expect(screen.getByRole('status')).toHaveTextContent('Linking…');
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeEnabled();
  });

  it('that failed says why, and can be tried again', () => {
    const problem = { kind: 'other', title: 'Another agent linked this row', help: 'Reload the form.' } as const;
    renderCard(notLinked({ chosen: anna, problem }), { finding: actions() });
    expect(screen.getByText('Another agent linked this row')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Link and sync' })).toBeEnabled();
  });

  it('that is done leaves the keyboard on the sync button', () => {
    const { show } = renderCard(notLinked({ chosen: anna, isLinking: true }), { finding: actions() });
    show(recordState({ record: linkedRecord, outcome: { outcome: 'changed', changes: [] } }));
    expect(screen.getByRole('button', { name: 'Sync now' })).toHaveFocus();
  });
});
