import { walkAgain } from '../judge-walk.ts';
import { madeAnswer, neverStruck, strikeOnce } from '../troubles.ts';
import { type Check, failed, notRun, passed } from '../types.ts';

const statuses = [418, 409, 422, 400];
const secretText = 'what-the-body-says';

export const unknownError: Check = {
  id: 'unknown-error',
  promise: 'An error that the manifest does not know stops the walk and is told, without what the CRM wrote in it.',
  how: 'Answers one page with an error that no CRM gives.',
  run: async (bench) => {
    const known = new Set((bench.manifest.errors ?? []).flatMap(({ status = [] }) => status));
    const ends = bench.listPage === undefined || bench.listPage.kind === 'none' ? [] : (bench.listPage.end?.status ?? []);
    const status = statuses.find((one) => !known.has(one) && !ends.includes(one));
    if (status === undefined) return notRun('the manifest has a rule for each of the errors that could be given');
    const strike = strikeOnce(bench, async () => madeAnswer(status, `{"${secretText}":"${secretText}"}`));
    const { value: walked } = await bench.distorted(strike.distort, () => walkAgain(bench));
    if (strike.count() === 0) return neverStruck;
    const { error } = walked;
    if (error?.code !== 'crm.refused')
      return failed(
        error === null ? `HTTP ${status} was taken for the end of the list` : `HTTP ${status} became ${error.code}`,
        'Make the rules under `errors` more exact: this one fits what it does not mean.',
      );
    return `${error.message}${error.help}`.includes(secretText)
      ? failed('the error’s text holds what the CRM wrote', 'Report this as a fault of CRM Sync.')
      : passed();
  },
};
