import type { Field, FieldType } from '../data/field.ts';
import type { ObjectDefinition } from '../data/objects.ts';

const soapTypes: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  datetime: 'xsd:dateTime',
  date: 'xsd:date',
  int: 'xsd:int',
  currency: 'xsd:double',
  address: 'urn:address',
};

const fieldJson = (field: Field): object => ({
  name: field.name,
  label: field.label,
  type: field.type,
  soapType: soapTypes[field.type] ?? 'xsd:string',
  length: field.length,
  byteLength: field.length * 3,
  digits: field.type === 'int' ? 8 : 0,
  precision: field.type === 'currency' ? 18 : 0,
  scale: 0,
  nillable: field.isNillable,
  createable: field.isWritable,
  updateable: field.isWritable,
  filterable: field.type !== 'address',
  sortable: field.type !== 'address' && field.length <= 255,
  custom: false,
  unique: false,
  referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
  relationshipName: field.relationshipName ?? null,
  compoundFieldName: null,
  picklistValues: [],
});

export const objectSummary = (version: string, object: ObjectDefinition): object => {
  const sobject = `/services/data/v${version}/sobjects/${object.name}`;
  return {
    name: object.name,
    label: object.name,
    labelPlural: object.labelPlural,
    keyPrefix: object.keyPrefix,
    custom: false,
    queryable: true,
    retrieveable: true,
    replicateable: object.isWritable,
    createable: object.isWritable,
    updateable: object.isWritable,
    deletable: object.isWritable,
    undeletable: object.isWritable,
    mergeable: object.isWritable,
    urls: { sobject, describe: `${sobject}/describe`, rowTemplate: `${sobject}/{ID}` },
  };
};

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm */
export const describe = (version: string, object: ObjectDefinition): object => ({
  ...objectSummary(version, object),
  fields: object.fields.map(fieldJson),
});
