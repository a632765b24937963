/** Node has it, TypeScript does not know it yet. https://tc39.es/proposal-json-parse-with-source/ */
declare global {
  interface JSON {
    rawJSON(text: string): { readonly rawJSON: string };
  }
}

/** A JSON number written from its digits: beyond 2^53 a JavaScript number would be another one. */
export const rawNumber = (digits: string): object => JSON.rawJSON(digits);
