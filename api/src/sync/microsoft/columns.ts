/**
 * What Microsoft's own connector adds to account and contact (solution msdyn_ContactCenterCRMConnector). Its flows write them, its samples
 * read them; they are no part of ours, and may be missing.
 * https://learn.microsoft.com/dynamics365/contact-center/extend/configure-servicenow-connector
 */
export const microsoftCrmColumn = 'msdyn_source_crm';
export const microsoftIdColumn = 'msdyn_source_crm_id';
export const microsoftUrlColumn = 'msdyn_source_crm_url';
