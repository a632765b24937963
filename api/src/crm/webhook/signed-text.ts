import { compilePath } from '../expression/compile.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import type { Selector } from '../expression/path.ts';
import type { Delivery } from './delivery.ts';
import { readForm, sortedFormText } from './form-body.ts';

/** What a CRM can sign, beside fixed text and {{header.Name}}. */
export const signedTokens = ['body', 'form', 'timestamp', 'id', 'method', 'url'] as const;
export type SignedToken = (typeof signedTokens)[number];

/** What the delivery says beside its body, read by the scheme. */
export interface SignedParts {
  readonly timestamp: string;
  readonly id: string;
  readonly decodeInUrl: string;
}

type Piece =
  | { readonly literal: Buffer }
  | { readonly token: SignedToken }
  | { readonly header: string }
  /** Of a text that tells repeats, not of one that is signed. */
  | { readonly select: Selector };

const headerName = /^header\.([\w-]{1,100})$/;

const readPieces = (text: string): readonly Piece[] =>
  text
    .split(/(\{\{[^{}]*\}\})/)
    .filter((piece) => piece !== '')
    .map((piece): Piece => {
      if (!piece.startsWith('{{')) return { literal: Buffer.from(piece) };
      const name = piece.slice(2, -2).trim();
      const header = headerName.exec(name)?.[1];
      if (header !== undefined) return { header: header.toLowerCase() };
      if (/^body[.[]/.test(name)) return { select: compilePath(name.replace(/^body\.?/, '')) };
      const token = signedTokens.find((known) => known === name);
      if (token === undefined)
        throw new ExpressionError(
          text,
          text.indexOf(piece),
          `“${name}” cannot be signed; known are ${signedTokens.join(', ')} and header.Name`,
        );
      return { token };
    });

export const signedTokensIn = (text: string): ReadonlySet<SignedToken> =>
  new Set(readPieces(text).flatMap((piece) => ('token' in piece ? [piece.token] : [])));

export const headersIn = (text: string): readonly string[] =>
  readPieces(text).flatMap((piece) => ('header' in piece ? [piece.header] : []));

export const hasBodyPaths = (text: string): boolean => readPieces(text).some((piece) => 'select' in piece);

/** HubSpot decodes some escapes of the address before it signs, and leaves others. */
const decodeSome = (url: string, characters: string): string =>
  url.replace(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return characters.includes(character) ? character : escape;
  });

const bytesOf = (token: SignedToken, { request }: Delivery, parts: SignedParts): Buffer | null => {
  switch (token) {
    case 'body':
      return request.rawBody;
    case 'form': {
      const pairs = readForm(request.rawBody);
      return pairs === null ? null : Buffer.from(sortedFormText(pairs));
    }
    case 'method':
      return Buffer.from(request.method.toUpperCase());
    case 'url':
      return Buffer.from(decodeSome(request.url, parts.decodeInUrl));
    // Headers come with each byte as a character.
    case 'timestamp':
    case 'id':
      return Buffer.from(parts[token], 'latin1');
  }
};

const bytesOfPiece = (piece: Piece, delivery: Delivery, parts: SignedParts): Buffer | null => {
  if ('literal' in piece) return piece.literal;
  if ('token' in piece) return bytesOf(piece.token, delivery, parts);
  if ('header' in piece) {
    const value = delivery.header(piece.header);
    return value === null ? null : Buffer.from(value, 'latin1');
  }
  const value = piece.select(delivery.body()) ?? null;
  return value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
};

/**
 * The bytes that the CRM has signed; the body as it came over the wire, never re-written JSON. Throws `ExpressionError`.
 * The function gives null when a part is missing.
 */
export const compileSignedText = (text: string): ((delivery: Delivery, parts: SignedParts) => Buffer | null) => {
  const pieces = readPieces(text);
  return (delivery, parts) => {
    const found: Buffer[] = [];
    for (const piece of pieces) {
      const bytes = bytesOfPiece(piece, delivery, parts);
      if (bytes === null) return null;
      found.push(bytes);
    }
    return Buffer.concat(found);
  };
};
