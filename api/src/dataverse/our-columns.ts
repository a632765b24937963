import { logicalNameOf, ourColumnDefinitions, ourKey } from './our-definition.ts';

/** The alternate key that our solution brings: the column and the key bear the same name. It is a row's only identity. */
export const keyColumn = logicalNameOf(ourKey);

/** What our solution adds to account and contact; without any one of them nothing may be written. */
export const ourColumns: readonly string[] = ourColumnDefinitions.map(logicalNameOf);
