/** The sandbox's environment has one business unit: everyone is in it and every row belongs to it. */
import type { Reference } from '../store/values.ts';

export const rootBusinessUnitId = '0a6a4d62-0000-4000-8000-00000000b000';
export const rootBusinessUnit: Reference = { table: 'businessunit', id: rootBusinessUnitId };

/** The root business unit and its team have the organization's name. */
export const organizationName = 'Contact Center Sandbox';
