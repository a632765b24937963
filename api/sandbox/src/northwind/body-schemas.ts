/** What Northwind takes: free text, as CRMs do. It knows no right e-mail and no longest name; finding that out is Dataverse's part. */
const text = { type: ['string', 'null'], maxLength: 20_000 } as const;
const requiredText = { type: 'string', minLength: 1, maxLength: 20_000 } as const;
const address = { street: text, city: text, region: text, postal_code: text, country: text } as const;

const companyFields = {
  ...address,
  name: requiredText,
  phone: text,
  fax: text,
  website: text,
  employees: { type: ['integer', 'null'], minimum: 0 },
  segment: text,
  annual_revenue: { type: ['number', 'null'] },
  currency: text,
} as const;

const personFields = {
  ...address,
  // Not checked: CRMs do hold people whose company is gone.
  company_id: text,
  full_name: requiredText,
  title: text,
  email: text,
  phone: text,
  mobile: text,
  birthday: text,
  email_opt_out: { type: ['boolean', 'null'] },
} as const;

/** `deleted_at: null` takes a record out of the bin. */
const restorable = { deleted_at: { type: 'null' } } as const;

const object = (properties: object, rest: object = {}) => ({ type: 'object', additionalProperties: false, properties, ...rest });

export const bodySchemas = {
  companies: {
    create: object({ ...companyFields, id: { type: 'string', pattern: '^[A-Za-z0-9._~-]{1,40}$' } }, { required: ['name'] }),
    patch: object({ ...companyFields, ...restorable }),
  },
  people: {
    create: object(personFields, { required: ['full_name'] }),
    patch: object({ ...personFields, ...restorable }),
  },
} as const;
