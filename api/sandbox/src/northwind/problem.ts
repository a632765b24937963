/** An answer that says no; the server turns it into `{"error":{"code","message"}}`. */
export class Refusal extends Error {
  readonly statusCode: number;
  readonly code: string;

  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.statusCode = statusCode;
    this.code = code;
  }
}

export const errorBody = (code: string, message: string): { readonly error: { readonly code: string; readonly message: string } } => ({
  error: { code, message },
});

export const notFound = (what: string): Refusal => new Refusal(404, 'not_found', `There is no ${what}.`);
export const badRequest = (message: string): Refusal => new Refusal(400, 'bad_request', message);
