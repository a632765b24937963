import { SolutionProblem } from './problem.ts';

/** Dataverse numbers have four parts; the last is ours to leave at 0. Pre-releases have no place in them. */
export const solutionVersion = (packageVersion: string): string => {
  if (!/^\d+\.\d+\.\d+$/.test(packageVersion)) {
    throw new SolutionProblem(`The version ${packageVersion} cannot be a solution's: it must be three numbers, like 1.2.3.`);
  }
  return `${packageVersion}.0`;
};
