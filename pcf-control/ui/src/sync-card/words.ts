/** Which words a state gets. Pure, so that what a person reads can be tested without drawing it. */
import { fillText } from '../text';
import type { Tone } from '../tone';
import type { CardOutcome, CardProblem, CardRecord, ConfigurationGap, SyncCardState } from './state';
import { type SyncCardStrings, updatedText } from './strings';

export interface Message {
  readonly tone: Tone;
  /** What is. */
  readonly title: string;
  /** What to do, or what will happen. */
  readonly help?: string;
  readonly reference?: string;
}

export const sourceName = (record: CardRecord, strings: SyncCardStrings): string => record.source?.name ?? strings.unnamedSource;

export const problemMessage = (problem: CardProblem, strings: SyncCardStrings): Message => {
  const { reference } = problem;
  if (problem.kind === 'other') return { tone: 'bad', title: problem.title, help: problem.help, reference };
  const isNobodysFault = problem.kind === 'offline' || problem.kind === 'signedOut';
  return { tone: isNobodysFault ? 'attention' : 'bad', title: strings[problem.kind], help: strings[`${problem.kind}Help`], reference };
};

export const gapMessage = (gap: ConfigurationGap, strings: SyncCardStrings): Message => ({
  tone: 'attention',
  title: strings.notConfigured,
  help: strings[`${gap}Gap`],
});

/** What is so about a row, apart from what was last done to it. */
export const recordMessage = (record: CardRecord, strings: SyncCardStrings): Message => {
  const source = sourceName(record, strings);
  switch (record.state) {
    case 'notLinked':
      return { tone: 'neutral', title: strings.notLinked, help: strings.notLinkedHelp };
    case 'inSync':
      return { tone: 'good', title: strings.inSync };
    case 'failed':
      return { tone: 'bad', title: strings.failed };
    case 'waitingForParent':
      return { tone: 'attention', title: strings.waitingForParent, help: strings.waitingForParentHelp };
    case 'removed':
      return { tone: 'attention', title: fillText(strings.removed, { source }), help: strings.removedHelp };
  }
};

export const outcomeMessage = ({ outcome, changes }: CardOutcome, source: string, strings: SyncCardStrings): Message => {
  const count = new Intl.NumberFormat(strings.languageTag).format(changes.length);
  switch (outcome) {
    case 'created':
      return { tone: 'good', title: fillText(strings.created, { source }) };
    case 'changed':
      return { tone: 'good', title: fillText(updatedText(changes.length, strings), { count, source }) };
    case 'unchanged':
      return { tone: 'good', title: strings.unchanged };
    case 'stale':
      return { tone: 'neutral', title: fillText(strings.stale, { source }) };
    case 'filtered':
      return { tone: 'neutral', title: strings.filtered };
    case 'removed':
      return { tone: 'attention', title: fillText(strings.removed, { source }) };
  }
};

/** A sync that found the record removed, now or before: the row's own state says all there is to say. */
export const tellsRemoval = (record: CardRecord, { outcome }: CardOutcome): boolean =>
  record.state === 'removed' && (outcome === 'removed' || outcome === 'filtered' || outcome === 'unchanged');

const spoken = ({ title, help }: Message): string => (help ? `${title}. ${help}` : title);

/**
 * What a screen reader is told when the state changes. Nothing while loading and nothing about a row that is simply fine:
 * a form full of controls that each speak on opening helps nobody.
 */
export const announcement = (state: SyncCardState, strings: SyncCardStrings): string => {
  if (state.kind === 'problem') return spoken(problemMessage(state.problem, strings));
  if (state.kind !== 'record') return '';
  if (state.isSyncing) return strings.syncing;
  if (state.problem) return spoken(problemMessage(state.problem, strings));
  if (state.outcome && tellsRemoval(state.record, state.outcome)) return spoken(recordMessage(state.record, strings));
  if (state.outcome) return spoken(outcomeMessage(state.outcome, sourceName(state.record, strings), strings));
  return '';
};
