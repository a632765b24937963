import { setFlagsFromString } from 'node:v8';

/**
 * Imported first by what syncs in bulk. V8 watches where objects are made that outlive a collection, as a page's records do while the
 * page is on its way, and makes later ones among the old objects at once. There they stay, with all they refer to, until the next full
 * collection. Without that: a fifth of the bytes survive (90 MB instead of 390 in a run of 110,000 records), collecting takes a third
 * of the time (0.2 s instead of 0.7), and the process stays 30 MB smaller.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
