import { TemplateRefusal } from '../expression/filters.ts';
import { compileUrlTemplate } from '../expression/slots.ts';
import type { HostPolicy } from '../http/allowed-hosts.ts';
import type { JsonObject } from '../types.ts';

export type DeepLink = (id: string, record: JsonObject) => string | null;

/** Where a person opens a record. null when there is no template, or when it would lead to a host that is not allowed. */
export const createDeepLink = (template: string | undefined, settings: JsonObject, policy: HostPolicy, entity?: string): DeepLink => {
  if (template === undefined) return () => null;
  const render = compileUrlTemplate(template, settings);
  const own = entity === undefined ? {} : { entity };
  // Parsing an address takes a microsecond, and nearly all of them begin alike, so the verdict on the last beginning is kept.
  let last: { readonly beginning: string; readonly isAllowed: boolean } | null = null;
  const isAllowed = (url: string): boolean => {
    if (last !== null && url.startsWith(last.beginning)) return last.isAllowed;
    const parsed = URL.parse(url);
    const verdict = parsed !== null && policy.refusal(parsed) === null;
    // With the slash: `https://crm.example.com` is also how `https://crm.example.com.evil.example` begins.
    const pathAt = url.indexOf('/', 'https://'.length);
    if (pathAt >= 0) last = { beginning: url.slice(0, pathAt + 1), isAllowed: verdict };
    return verdict;
  };
  return (id, record) => {
    try {
      const url = render({ id, record, ...own });
      return isAllowed(url) ? url : null;
    } catch (error) {
      if (error instanceof TemplateRefusal) return null;
      throw error;
    }
  };
};
