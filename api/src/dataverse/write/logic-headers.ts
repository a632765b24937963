import type { LogicSwitches } from '../types.ts';

const bypassed = { sync: 'CustomSync', async: 'CustomAsync', all: 'CustomSync,CustomAsync' } as const;

/**
 * On every request that writes, inside of a `$batch` too. The second header's name is Microsoft's own; it keeps flows from starting.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
 */
export const logicHeaders = ({ bypassCustomLogic, suppressFlows }: LogicSwitches): Readonly<Record<string, string>> => ({
  ...(bypassCustomLogic === undefined ? {} : { 'MSCRM.BypassBusinessLogicExecution': bypassed[bypassCustomLogic] }),
  ...(suppressFlows === true ? { 'MSCRM.SuppressCallbackRegistrationExpanderJob': 'true' } : {}),
});
