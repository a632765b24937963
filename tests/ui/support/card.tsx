import { SyncCard, type CardRecord, type SyncCardProps, type SyncCardState } from '@crm-sync/ui';
import { jest } from '@jest/globals';
import { render } from '@testing-library/react';
import * as React from 'react';
import { cardStrings } from './strings';

export const nowMs = (): number => Date.parse('2026-11-22T12:00:00.000Z');

export const linkedRecord: CardRecord = {
  state: 'inSync',
  source: { name: 'Northwind' },
  recordId: '100001',
  url: 'https://crm.example/people/100001',
  checkedOn: '2026-11-22T11:57:00.000Z',
  syncedOn: '2026-11-20T12:00:00.000Z',
};

export const recordState = (overrides: Partial<Extract<SyncCardState, { kind: 'record' }>> = {}): SyncCardState => ({
  kind: 'record',
  record: linkedRecord,
  isSyncing: false,
  ...overrides,
});

const handlers = () => ({
  onSync: jest.fn<() => void>(),
  onSyncAnyway: jest.fn<() => void>(),
  onCancel: jest.fn<() => void>(),
  onDismiss: jest.fn<() => void>(),
  onRetry: jest.fn<() => void>(),
  onOpen: jest.fn<(url: string) => void>(),
});

/** Draws the card in English at a fixed time; `show` draws it again in another state. */
export const renderCard = (state: SyncCardState, props: Partial<SyncCardProps> = {}) => {
  const actions = handlers();
  const card = (shown: SyncCardState) => <SyncCard state={shown} strings={cardStrings()} nowMs={nowMs} {...actions} {...props} />;
  const { rerender, ...result } = render(card(state));
  return { ...result, ...actions, show: (shown: SyncCardState) => rerender(card(shown)) };
};
