import { SalesforceError, errors } from '../errors.ts';

/** Spring '26 is 66.0. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/api_rest_eol.htm */
const newest = 68;
const oldestSupported = 31;
const oldestRetired = 7;

const seasons = ['Winter', 'Spring', 'Summer'] as const;

/** Three a year: 66 is Spring '26, 67 Summer '26, 68 Winter '27. */
const labelOf = (version: number): string => {
  const since = version - 68;
  const year = 27 + Math.floor(since / 3);
  return `${seasons[((since % 3) + 3) % 3] ?? 'Winter'} '${String(year).padStart(2, '0')}`;
};

export const versionList = (): readonly object[] =>
  Array.from({ length: newest - oldestSupported + 1 }, (_, at) => {
    const version = `${oldestSupported + at}.0`;
    return { label: labelOf(oldestSupported + at), url: `/services/data/v${version}`, version };
  });

/** `v66.0` of the path as `66.0`. Throws 410 for a version that was retired and 404 for one that never was. */
export const readVersion = (segment: string): string => {
  const number = /^v(\d{1,3})\.0$/.exec(segment)?.[1];
  const version = Number(number);
  if (number === undefined || version > newest || version < oldestRetired) throw errors.noSuchResource();
  if (version < oldestSupported) throw new SalesforceError(410, 'UNSUPPORTED_API_VERSION', `The API version ${number}.0 is retired.`);
  return `${number}.0`;
};

export const resources = (version: string): Readonly<Record<string, string>> => {
  const base = `/services/data/v${version}`;
  return {
    query: `${base}/query`,
    queryAll: `${base}/queryAll`,
    sobjects: `${base}/sobjects`,
    composite: `${base}/composite`,
    jobs: `${base}/jobs`,
    limits: `${base}/limits`,
    identity: '/services/oauth2/userinfo',
  };
};
