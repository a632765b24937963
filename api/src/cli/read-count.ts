import { InvalidArgumentError } from 'commander';

/** An option's whole number from 1 on. */
export const readCount = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It takes a whole number from 1 on.');
  return count;
};
