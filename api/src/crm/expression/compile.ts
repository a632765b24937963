import { type Condition, readCondition } from './condition.ts';
import { type ListSelector, type Path, readPath, type Selector, selectAll, selectOne } from './path.ts';
import { Scanner } from './scanner.ts';

const readWhole = <Parsed>(text: string, read: (scanner: Scanner) => Parsed): Parsed => {
  const scanner = new Scanner(text);
  scanner.skipSpace();
  const parsed = read(scanner);
  return scanner.isAtEnd ? parsed : scanner.fail('it could end here, but the text goes on');
};

/** All of these throw `ExpressionError`, and are called once when a manifest is opened, never per record. */
export const parsePath = (text: string): Path => readWhole(text, (scanner) => readPath(scanner, readCondition));

/** The names on the way: `emails[?primary].value` is `emails`, `value`. Lists are passed through. */
export const namesOnPath = (text: string): readonly string[] =>
  parsePath(text).flatMap((step) => (step.kind === 'name' ? [step.name] : []));

export const compilePath = (text: string): Selector => selectOne(parsePath(text));

export const compileListPath = (text: string): ListSelector => selectAll(parsePath(text));

export const compileCondition = (text: string): Condition => readWhole(text, readCondition);
