export const publisher = {
  uniqueName: 'ccsync',
  displayName: 'CRM Sync for Contact Center',
  description: 'Keeps accounts and contacts in Dataverse true to any CRM',
  /** Begins the name of everything that the solution adds. */
  prefix: 'ccsync',
  /** Begins the number of every choice: 86340 makes 863400000 and up. */
  optionValuePrefix: 86_340,
} as const;

export const solution = {
  uniqueName: 'CrmSyncForContactCenter',
  displayName: 'CRM Sync for Contact Center',
  description: 'Columns and keys that link accounts and contacts to their records in another CRM, and the control that shows it',
} as const;

/** English: the language of the labels below. */
export const languageCode = 1033;
