const usageCodes: ReadonlySet<string> = new Set([
  'source.unknown',
  'source.settings_invalid',
  'source.table_unknown',
  'source.microsoft_crm_unknown',
  'setup.not_confirmed',
  'request.invalid',
]);

/** The command line, the configuration or a manifest is wrong: nothing was tried, and trying again would not help. */
export const isUsageProblem = ({ code }: { readonly code: string }): boolean =>
  code.startsWith('config.') || code.startsWith('connector.') || code.startsWith('manifest.') || usageCodes.has(code);
