/** Which words a state gets. Pure, so that what a person reads can be tested without drawing it. */
import { fillText } from '../text';
import type { Tone } from '../tone';
import type { CardFind, CardOutcome, CardProblem, CardRecord, ConfigurationGap, RecordFaceState, SyncCardState } from './state';
import { type SyncCardStrings, countedText } from './strings';

export interface Message {
  readonly tone: Tone;
  /** What is. */
  readonly title: string;
  /** What to do, or what will happen. */
  readonly help?: string;
  readonly reference?: string;
}

export const sourceName = (record: Pick<CardRecord, 'source'>, strings: SyncCardStrings): string =>
  record.source?.name ?? strings.unnamedSource;

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

export const slowLoadingMessage = (strings: SyncCardStrings): Message => ({
  tone: 'busy',
  title: strings.loadingSlow,
  help: strings.loadingSlowHelp,
});

/** What is so about a row, apart from what was last done to it. */
export const recordMessage = (record: CardRecord, strings: SyncCardStrings): Message => {
  const source = sourceName(record, strings);
  switch (record.state) {
    case 'notLinked':
      return { tone: 'neutral', title: strings.notLinked, help: strings.notLinkedHelp };
    case 'inSync':
      return { tone: 'good', title: strings.inSync };
    case 'outOfDate':
      return { tone: 'attention', title: fillText(strings.outOfDate, { source }) };
    case 'failed':
      return { tone: 'bad', title: strings.failed };
    case 'waitingForParent':
    case 'parentParked':
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
      return { tone: 'good', title: fillText(countedText('updated', changes.length, strings), { count, source }) };
    case 'unchanged':
      return { tone: 'good', title: strings.unchanged };
    case 'stale':
      return { tone: 'neutral', title: fillText(strings.stale, { source }) };
    case 'filtered':
      return { tone: 'neutral', title: strings.filtered };
    case 'removed':
      return { tone: 'attention', title: fillText(strings.removed, { source }) };
    case 'cancelled':
      return { tone: 'neutral', title: strings.cancelled, help: strings.cancelledHelp };
  }
};

const listText = (items: readonly string[], { languageTag }: SyncCardStrings): string =>
  items.join(languageTag.startsWith('ja') ? '、' : ', ');

/** The agent's own edits are in the way of a sync. */
export const overwriteMessage = (labels: readonly string[], source: string, strings: SyncCardStrings): Message => ({
  tone: 'attention',
  title: strings.overwrite,
  help: fillText(strings.overwriteHelp, { source, fields: listText(labels, strings) }),
});

/** What the last search gave; undefined while there is nothing to say. */
export const findMessage = (find: CardFind, strings: SyncCardStrings): Message | undefined => {
  if (find.problem) return problemMessage(find.problem, strings);
  if (find.isSearching || !find.candidates) return undefined;
  const count = find.candidates.length;
  const unsearched = find.unsearched ?? [];
  const missing = unsearched.length > 0 ? fillText(strings.notSearched, { sources: listText(unsearched, strings) }) : undefined;
  // Nothing found in half of the CRMs is no reason to try another name before the other half was searched.
  if (count === 0) return { tone: 'neutral', title: strings.foundNone, help: missing ?? strings.foundNoneHelp };
  const title = fillText(countedText('found', count, strings), { count: new Intl.NumberFormat(strings.languageTag).format(count) });
  return { tone: 'neutral', title, help: missing };
};

/** A sync that found the record removed, now or before: the row's own state says all there is to say. */
export const tellsRemoval = (record: CardRecord, { outcome }: CardOutcome): boolean =>
  record.state === 'removed' && (outcome === 'removed' || outcome === 'filtered' || outcome === 'unchanged');

const spoken = ({ title, help }: Message): string => (help ? `${title}. ${help}` : title);

const findAnnouncement = (find: CardFind, strings: SyncCardStrings): string => {
  if (find.isLinking) return strings.linking;
  if (find.isSearching) return strings.searching;
  const message = find.chosen ? undefined : findMessage(find, strings);
  return message ? spoken(message) : '';
};

const recordAnnouncement = (state: RecordFaceState, strings: SyncCardStrings): string => {
  const { record, outcome, problem, overwrites, find } = state;
  if (find) return findAnnouncement(find, strings);
  if (state.isSyncing) return state.isSlow ? `${strings.syncing} ${strings.syncSlow}` : strings.syncing;
  if (overwrites) return spoken(overwriteMessage(overwrites, sourceName(record, strings), strings));
  if (problem) return spoken(problemMessage(problem, strings));
  if (outcome && tellsRemoval(record, outcome)) return spoken(recordMessage(record, strings));
  if (outcome) return spoken(outcomeMessage(outcome, sourceName(record, strings), strings));
  // The one thing about a row that an agent should hear unasked: what they are about to read out may be old.
  if (record.state === 'outOfDate') return `${recordMessage(record, strings).title}. ${strings.outOfDateHelp}`;
  return '';
};

/**
 * What a screen reader is told when the state changes. Nothing while loading and nothing about a row that is simply fine:
 * a form full of controls that each speak on opening helps nobody.
 */
export const announcement = (state: SyncCardState, strings: SyncCardStrings): string => {
  switch (state.kind) {
    case 'problem':
      return spoken(problemMessage(state.problem, strings));
    case 'loading':
      return state.isSlow ? spoken(slowLoadingMessage(strings)) : '';
    case 'record':
      return recordAnnouncement(state, strings);
    default:
      return '';
  }
};
