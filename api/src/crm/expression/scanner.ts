import { ExpressionError } from './expression-error.ts';

/** Reads an expression from left to right; shared by paths, conditions and templates, so that they agree on names and literals. */
export class Scanner {
  readonly text: string;
  position: number;
  readonly #end: number;

  constructor(text: string, start = 0, end = text.length) {
    this.text = text;
    this.position = start;
    this.#end = end;
  }

  fail(problem: string): never {
    throw new ExpressionError(this.text, this.position, problem);
  }

  get isAtEnd(): boolean {
    this.skipSpace();
    return this.position >= this.#end;
  }

  skipSpace(): void {
    while (this.position < this.#end && this.text.charCodeAt(this.position) <= 32) this.position += 1;
  }

  /** Takes `token` when it comes next. */
  take(token: string): boolean {
    this.skipSpace();
    return this.takeHere(token);
  }

  /** As `take`, but without skipping space first: the parts of a path stand together. */
  takeHere(token: string): boolean {
    if (!this.text.startsWith(token, this.position) || this.position + token.length > this.#end) return false;
    this.position += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`“${token}” is missing`);
  }

  takeMatch(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null || this.position + match[0].length > this.#end) return null;
    this.position += match[0].length;
    return match[0];
  }

  /** A name in a path or of a filter; anything else is written in brackets: `["@odata.nextLink"]`. */
  takeName(): string | null {
    return this.takeMatch(/[A-Za-z_@][\w@-]*/y);
  }

  /** Text in single or double quotes; a backslash makes the next character literal. */
  takeString(): string | null {
    this.skipSpace();
    const quoted = this.takeMatch(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y);
    return quoted === null ? null : quoted.slice(1, -1).replace(/\\(.)/g, '$1');
  }

  takeNumber(): number | null {
    this.skipSpace();
    const digits = this.takeMatch(/-?\d+(?:\.\d+)?(?![\w.])/y);
    return digits === null ? null : Number(digits);
  }
}
