import { brokenAnswer } from './checks/broken-answer.ts';
import { changedDuringWalk } from './checks/changed-during-walk.ts';
import { changedSeen } from './checks/changed-seen.ts';
import { changesGoOn } from './checks/changes-go-on.ts';
import { changesWindow } from './checks/changes-window.ts';
import { clockSkew } from './checks/clock-skew.ts';
import { connectionCut } from './checks/connection-cut.ts';
import { createdSeen } from './checks/created-seen.ts';
import { cutPage } from './checks/cut-page.ts';
import { emptyPage } from './checks/empty-page.ts';
import { everyRecordOnce } from './checks/every-record-once.ts';
import { getMany } from './checks/get-many.ts';
import { getOne } from './checks/get-one.ts';
import { links } from './checks/links.ts';
import { missingId } from './checks/missing-id.ts';
import { noSecrets } from './checks/no-secrets.ts';
import { pageEdges } from './checks/page-edges.ts';
import { parents } from './checks/parents.ts';
import { readable } from './checks/readable.ts';
import { recordWithoutId } from './checks/record-without-id.ts';
import { removedSeen } from './checks/removed-seen.ts';
import { repeatedPage } from './checks/repeated-page.ts';
import { resume } from './checks/resume.ts';
import { sessionEnds } from './checks/session-ends.ts';
import { sweep } from './checks/sweep.ts';
import { ties } from './checks/ties.ts';
import { times } from './checks/times.ts';
import { tooManyRequests } from './checks/too-many-requests.ts';
import { total } from './checks/total.ts';
import { unavailable } from './checks/unavailable.ts';
import { unknownError } from './checks/unknown-error.ts';
import { unknownFields } from './checks/unknown-fields.ts';
import type { Check } from './types.ts';

/** In the order in which they are run; those that change the CRM come last, the removal at the very end. */
export const checks: readonly Check[] = [
  everyRecordOnce,
  readable,
  total,
  pageEdges,
  resume,
  noSecrets,
  sweep,
  getOne,
  getMany,
  missingId,
  times,
  links,
  parents,
  changesWindow,
  ties,
  changesGoOn,
  clockSkew,
  sessionEnds,
  tooManyRequests,
  unavailable,
  connectionCut,
  unknownError,
  brokenAnswer,
  cutPage,
  emptyPage,
  repeatedPage,
  unknownFields,
  recordWithoutId,
  createdSeen,
  changedSeen,
  changedDuringWalk,
  removedSeen,
];
