import { Refusal } from '../crm-kit/refusal.ts';

export const errorBody = (code: string, message: string): { readonly error: { readonly code: string; readonly message: string } } => ({
  error: { code, message },
});

export const notFound = (what: string): Refusal => new Refusal(404, 'not_found', `There is no ${what}.`);
export const badRequest = (message: string): Refusal => new Refusal(400, 'bad_request', message);
