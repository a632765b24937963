/** An expression of a manifest cannot be understood. The manifest's reader turns it into `manifest.unreadable` with file and line. */
export class ExpressionError extends Error {
  constructor(expression: string, position: number, problem: string) {
    super(`“${expression}”: ${problem}${position > 0 ? ` (at character ${position + 1})` : ''}`);
    this.name = 'ExpressionError';
  }
}
