import { brazil, france, germany, greece, kazakhstan, spain, turkey } from './locales-europe.ts';
import { china, egypt, india, israel, japan, korea, unitedStates } from './locales-elsewhere.ts';

export const locales = [
  germany,
  unitedStates,
  france,
  japan,
  spain,
  egypt,
  brazil,
  china,
  turkey,
  greece,
  korea,
  kazakhstan,
  india,
  israel,
] as const;
