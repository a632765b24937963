import { AppError } from '../errors/app-error.ts';
import type { Source } from './types.ts';

/** The configured CRMs. */
export interface Sources {
  all(): readonly Source[];
  /** Throws `source.unknown`. */
  get(sourceId: string): Source;
}

export const createSources = (list: readonly Source[]): Sources => {
  const byId = new Map(list.map((source) => [source.id, source]));
  return {
    all: () => list,
    get(sourceId) {
      const source = byId.get(sourceId);
      if (source === undefined) throw new AppError('source.unknown', { source: sourceId, known: [...byId.keys()].join(', ') || 'none' });
      return source;
    },
  };
};
