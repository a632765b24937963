/** What the CRMs of the sandbox hold before each bends it into its own shape. A property that is not there is a field that was never filled. */

/** Text as CRMs hold it: some value, emptied (`""`), never set (`null`), or not even sent (absent). */
type Text = string | null;

export interface Stamps {
  /** ISO-8601, UTC, milliseconds, so that text order is time order. */
  readonly created_at: string;
  /** null until the first update, as in many CRMs. */
  readonly updated_at: string | null;
  readonly deleted_at: string | null;
}

export interface Keepable extends Stamps {
  readonly id: string;
}

interface AddressValues {
  readonly street?: Text;
  readonly city?: Text;
  readonly region?: Text;
  readonly postal_code?: Text;
  readonly country?: Text;
}

export interface CompanyValues extends AddressValues {
  readonly name: string;
  readonly phone?: Text;
  readonly fax?: Text;
  readonly website?: Text;
  readonly employees?: number | null;
  /** A word of its own list: Key account, Standard. */
  readonly segment?: Text;
  readonly annual_revenue?: number | null;
  /** ISO 4217: what `annual_revenue` is in. */
  readonly currency?: Text;
}

export interface PersonValues extends AddressValues {
  readonly company_id?: Text;
  readonly full_name: string;
  readonly title?: Text;
  readonly email?: Text;
  readonly phone?: Text;
  readonly mobile?: Text;
  /** `1990-05-04`. */
  readonly birthday?: Text;
  readonly email_opt_out?: boolean | null;
}

/** Its id is case-sensitive: `SONNE` and `Sonne` are two companies. */
export type Company = Keepable & CompanyValues;

/** Its id is digits, and some are beyond 2^53, so never a JavaScript number here. */
export type Person = Keepable & PersonValues;
