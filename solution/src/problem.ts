/** Why no solution can be made, in words for whoever asked for it. */
export class SolutionProblem extends Error {
  override readonly name = 'SolutionProblem';
}
