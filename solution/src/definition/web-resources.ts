export interface WebResourceDefinition {
  /** Lower-case GUID; the same in every release, or an environment would get a second one. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Below `src/`. */
  readonly source: string;
  readonly introducedIn: string;
}

/** Scripts, written in TypeScript. */
export const webResources: readonly WebResourceDefinition[] = [
  {
    id: '6f0b0c52-6c1c-4c0e-9a53-5a3c1f4d7e21',
    name: 'ccsync_/scripts/form-events.js',
    displayName: 'CRM Sync: form events',
    description: 'Refreshes the form after a sync, and tells the control of unsaved edits',
    source: 'web-resources/form-events.ts',
    introducedIn: '0.1.0.0',
  },
];
