import { AppError } from '../../src/errors/app-error.ts';
import type { BulkDriver, BulkJob, BulkPage } from '../../src/crm/bulk/types.ts';
import { isObject } from '../../src/crm/expression/json.ts';
import type { JsonValue } from '../../src/crm/types.ts';
import { createQueryJobs, type QueryJobs, type ResultPart } from './query-job.ts';
import { readCsv } from './read-csv.ts';
import { createRecordMaker, type RecordMaker } from './record-shape.ts';

/** As many as a page of a query has. */
const rowsPerPage = 2_000;
const mostJobs = 3;

/** Where a reading is; a type, because checkpoints hold it as JSON. */
type Place = {
  readonly path: string;
  readonly job: string;
  /** null: at the first part of the results. */
  readonly locator: string | null;
  /** Rows of that part that were handed on. */
  readonly rows: number;
};

const readPlace = (saved: JsonValue | null): Place | null => {
  if (!isObject(saved)) return null;
  const { path, job, locator = null, rows } = saved;
  const fits = typeof path === 'string' && typeof job === 'string' && (typeof locator === 'string' || locator === null);
  return fits && typeof rows === 'number' ? { path, job, locator, rows } : null;
};

const isSameNames = (row: readonly string[], names: readonly string[]): boolean =>
  row.length === names.length && row.every((name, position) => name.toLowerCase() === names[position]?.toLowerCase());

/** What a part holds: names of the columns, and rows without them. Salesforce repeats the names in each part, but has not promised it. */
const openPart = ({ text, rows: promised }: ResultPart, { fields, sourceId: source, what }: BulkJob, isFirst: boolean) => {
  const bad = (problem: string): AppError => new AppError('crm.bad_answer', { source, what, problem });
  const reading = readCsv(text);
  if ('problem' in reading) throw bad(reading.problem);
  const [first = [], ...others] = reading.rows;
  const hasNames = isSameNames(first, fields);
  if (isFirst && !hasNames && reading.rows.length > 0) throw bad('its columns are not those that were asked for');
  const rows = hasNames ? others : reading.rows;
  if (rows.some(({ length }) => length !== fields.length)) throw bad('its rows have another number of values than were asked for');
  if (promised !== null && promised !== rows.length) throw bad(`it holds ${rows.length} records, and says that it holds ${promised}`);
  return { columns: hasNames ? first : fields, rows };
};

/** How a record is made needs a look at the object's description, once. */
const createMakers = (job: BulkJob) => {
  const root = job.begin.url.replace(/\/jobs\/query$/, '');
  let made: Promise<RecordMaker> | null = null;
  return (columns: readonly string[], signal: AbortSignal): Promise<RecordMaker> => {
    made ??= createRecordMaker(job.entity, columns, async (object) => {
      const url = `${root}/sobjects/${encodeURIComponent(object)}/describe`;
      const { meaning, body } = await job.send({ method: 'GET', url }, signal);
      // Without the description nobody knows what is a number: better no records than others than the REST API's.
      if (meaning === 'ok') return body;
      throw new AppError('crm.bad_answer', { source: job.sourceId, what: job.what, problem: `Salesforce does not describe ${object}` });
    });
    return made;
  };
};

/** Gives false when Salesforce has forgotten the job on the way. */
async function* readResults(
  jobs: QueryJobs,
  job: BulkJob,
  start: Place & { readonly total: number | null },
  signal: AbortSignal,
): AsyncGenerator<BulkPage, boolean> {
  const makerOf = createMakers(job);
  const { path, job: id, total } = start;
  const progress = total === null ? {} : { expectedRecords: total };
  let { locator, rows: done } = start;
  for (;;) {
    const part = await jobs.part(id, locator, signal);
    if (part === null) return false;
    const { columns, rows } = openPart(part, job, locator === null);
    const make = rows.length === 0 ? null : await makerOf(columns, signal);
    const after: Place | null = part.next === null ? null : { path, job: id, locator: part.next, rows: 0 };
    do {
      const page = rows.slice(done, done + rowsPerPage);
      done += rowsPerPage;
      const next: Place | null = done < rows.length ? { path, job: id, locator, rows: done } : after;
      yield { values: make === null ? [] : page.map(make), next, ...progress };
    } while (done < rows.length);
    if (part.next === null) return true;
    locator = part.next;
    done = 0;
  }
}

/**
 * All records of an object by a query job of Bulk API 2.0. A checkpoint is the job and a place in its results, so another process goes
 * on in the middle; where Salesforce no longer has the job, a new one begins, and what was read before is found unchanged.
 */
export const salesforceBulk2: BulkDriver = {
  read: async function* readAll(job, resumeFrom, signal) {
    const jobs = createQueryJobs(job);
    const saved = readPlace(resumeFrom);
    let place = saved?.path === jobs.path ? saved : null;
    for (let begun = 0; ; ) {
      const isOurs = place === null;
      if (place === null) {
        if (begun === mostJobs)
          throw new AppError('crm.export_failed', { source: job.sourceId, what: job.what, problem: `Salesforce lost ${mostJobs} jobs` });
        begun += 1;
        place = { path: jobs.path, job: await jobs.create(signal), locator: null, rows: 0 };
        // Before the waiting, so that who is interrupted meanwhile comes back to this job.
        yield { values: [], next: place };
      }
      const outcome = await jobs.untilDone(place.job, signal);
      if (outcome.kind === 'done') {
        const isComplete: boolean = yield* readResults(jobs, job, { ...place, total: outcome.rows }, signal);
        await jobs.remove(place.job);
        if (isComplete) return;
      } else if (outcome.kind === 'failed') {
        await jobs.remove(place.job);
        // One that ended so before we came back to it says nothing about the next.
        if (isOurs) throw new AppError('crm.export_failed', { source: job.sourceId, what: job.what, problem: outcome.problem });
      }
      place = null;
    }
  },
};
