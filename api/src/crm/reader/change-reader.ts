import { AppError } from '../../errors/app-error.ts';
import { isObject } from '../expression/json.ts';
import { parseSafely, textsIn } from '../manifest/settings-used.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { ChangesBody } from '../manifest/schema/table.ts';
import { TooManyTies } from '../paging/keyset.ts';
import type { Place } from '../paging/place.ts';
import type { ChangeWindow, JsonValue } from '../types.ts';
import { durationMs } from '../value/duration.ts';
import { type ListReader, WindowTooLarge } from './list-reader.ts';
import type { ReadingPart } from './walk-parts.ts';
import { createClientSideFilter, createWindowGuard } from './window-guard.ts';

/** A share of the window, because the CRM takes no longer ones, or cannot answer for so much at once. */
type Share = {
  readonly fromMs: number;
  readonly toMs: number;
  /** Read from the list of all records, since no page of changes gets past this time. */
  readonly isFromList?: true;
};

const readShare = (state: JsonValue): Share | null => {
  if (!isObject(state)) return null;
  const { fromMs, toMs, isFromList } = state;
  if (typeof fromMs !== 'number' || typeof toMs !== 'number') return null;
  return { fromMs, toMs, ...(isFromList === true ? { isFromList } : {}) };
};

const namesToken = (changes: ChangesBody): boolean =>
  textsIn([changes.path, changes.query, changes.headers, changes.body], []).some(({ text }) => {
    const parts = parseSafely(text);
    return typeof parts !== 'string' && parts.some((part) => typeof part !== 'string' && part.variable === 'token');
  });

/** The changes of a window, as a part of a reading. */
export const createChangePart = (options: {
  readonly sourceId: string;
  readonly what: string;
  readonly changes: ChangesBody;
  readonly list: ListReader;
  readonly wholeList: ListReader;
  readonly window: ChangeWindow;
  readonly scope: TemplateScope;
}): ReadingPart => {
  const { sourceId, changes, list, wholeList, window, scope } = options;
  const isWindow = changes.mode === 'window';
  const maxMs = isWindow && changes.maxWindow !== undefined ? durationMs(changes.maxWindow) : Number.POSITIVE_INFINITY;
  const leastMs = durationMs(changes.granularity ?? '1s');
  const { token } = window;
  // A request that names {{token}} says itself where it goes; else it is the place where the list begins.
  const at = changes.mode === 'cursor' && !namesToken(changes) ? token : undefined;

  const shareFrom = (fromMs: number, longestMs: number): Share => ({ fromMs, toMs: Math.min(window.toMs, fromMs + longestMs) });

  const halve = (share: Share): Share => {
    const halfMs = Math.floor((share.toMs - share.fromMs) / 2);
    if (isWindow && halfMs >= leastMs) return shareFrom(share.fromMs, halfMs);
    throw new AppError('crm.bad_answer', {
      source: sourceId,
      what: options.what,
      problem: 'the CRM cannot answer even for the shortest time',
    });
  };

  const readShareOfIt = (share: Share, place: JsonValue | null, signal: AbortSignal): ReturnType<ListReader> => {
    const part = { ...window, ...share };
    const keep = createClientSideFilter(changes, part);
    if (share.isFromList === true) return wholeList({ resumeFrom: place, scope, beginsAtMs: 0, keep }, signal);
    return list(
      {
        resumeFrom: place,
        at,
        scope: { ...scope, from: share.fromMs, to: share.toMs, ...(token === undefined ? {} : { token }) },
        beginsAtMs: share.fromMs,
        ...(isWindow || changes.mode === 'since' ? { guard: createWindowGuard(changes, part) } : {}),
        ...(changes.mode === 'clientSide' ? { keep } : {}),
      },
      signal,
    );
  };

  return {
    read: async function* readShares(state, resumeFrom, signal) {
      let share = readShare(state) ?? shareFrom(window.fromMs, maxMs);
      let place = resumeFrom;
      for (;;) {
        const after: Share | null = share.toMs < window.toMs ? shareFrom(share.toMs, maxMs) : null;
        const onwards = (next: Place | null) => {
          if (next !== null) return { state: share, place: next };
          return after === null ? null : { state: after, place: null };
        };
        try {
          for await (const { page, next } of readShareOfIt(share, place, signal)) yield { page, next: onwards(next) };
          if (after === null) return;
          share = after;
        } catch (error) {
          if (error instanceof TooManyTies) share = { fromMs: error.timeMs, toMs: window.toMs, isFromList: true };
          else if (error instanceof WindowTooLarge) share = halve(share);
          else throw error;
        }
        place = null;
      }
    },
  };
};
