import * as React from 'react';
import type { SyncCardStrings } from './strings';
import type { CardStyles } from './styles';

/** What every part of the card needs to draw itself. */
export interface CardContextValue {
  readonly strings: SyncCardStrings;
  readonly styles: CardStyles;
  readonly formatExact?: (date: Date) => string;
  readonly nowMs?: () => number;
  /** How the host opens an address; the browser's own way when left out. */
  readonly onOpen?: (url: string) => void;
  /** Rejects where copying is not allowed; no copy button when left out. */
  readonly onCopy?: (text: string) => Promise<void>;
}

const CardContext = React.createContext<CardContextValue | undefined>(undefined);

export const CardProvider = CardContext.Provider;

export const useCard = (): CardContextValue => {
  const value = React.useContext(CardContext);
  if (!value) throw new Error('A part of SyncCard was drawn outside of it');
  return value;
};
