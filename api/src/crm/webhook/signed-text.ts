import { ExpressionError } from '../expression/expression-error.ts';

/** What a CRM can sign, beside fixed text. */
export const signedTokens = ['body', 'timestamp', 'id', 'method', 'url'] as const;
export type SignedToken = (typeof signedTokens)[number];
export type SignedParts = Readonly<Record<Exclude<SignedToken, 'body'>, string>> & { readonly body: Buffer };

type Piece = { readonly literal: Buffer } | { readonly token: SignedToken };

const readPieces = (text: string): readonly Piece[] =>
  text
    .split(/(\{\{[^{}]*\}\})/)
    .filter((piece) => piece !== '')
    .map((piece): Piece => {
      if (!piece.startsWith('{{')) return { literal: Buffer.from(piece) };
      const name = piece.slice(2, -2).trim();
      const token = signedTokens.find((known) => known === name);
      if (token === undefined)
        throw new ExpressionError(text, text.indexOf(piece), `“${name}” cannot be signed; known are ${signedTokens.join(', ')}`);
      return { token };
    });

export const signedTokensIn = (text: string): ReadonlySet<SignedToken> =>
  new Set(readPieces(text).flatMap((piece) => ('token' in piece ? [piece.token] : [])));

/** The bytes that the CRM has signed; the body as it came over the wire, never re-written JSON. Throws `ExpressionError`. */
export const compileSignedText = (text: string): ((parts: SignedParts) => Buffer) => {
  const pieces = readPieces(text);
  return (parts) =>
    Buffer.concat(
      pieces.map((piece) => {
        if ('literal' in piece) return piece.literal;
        return piece.token === 'body' ? parts.body : Buffer.from(parts[piece.token]);
      }),
    );
};
