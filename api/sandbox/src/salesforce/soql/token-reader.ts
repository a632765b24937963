import { type SalesforceError, errors } from '../errors.ts';
import { type Token, tokenize } from './lexer.ts';

/** Walks over a query's tokens. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(query: string) {
    this.#tokens = tokenize(query);
  }

  get token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '<EOF>' };
  }

  /** Is the current token this word or symbol? Words in any case. */
  isAt(text: string): boolean {
    const { kind } = this.token;
    return (kind === 'word' || kind === 'symbol') && this.token.text.toUpperCase() === text;
  }

  /** Steps over it when it stands here. */
  take(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.#at += 1;
    return true;
  }

  next(): Token {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected();
  }

  word(): string {
    if (this.token.kind !== 'word') throw this.unexpected();
    return this.next().text;
  }

  wholeNumber(): number {
    if (this.token.kind !== 'number' || !/^\d+$/.test(this.token.text)) throw this.unexpected();
    return Number(this.next().text);
  }

  unexpected(): SalesforceError {
    return errors.malformedQuery(`unexpected token: '${this.token.text}'`);
  }
}
