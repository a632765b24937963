/** A query as it was written; names are not checked yet. */

export interface Literal {
  readonly kind: 'string' | 'number' | 'datetime' | 'date' | 'boolean' | 'null';
  readonly text: string;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly path: string; readonly comparison: Comparison; readonly literals: readonly Literal[] };

export interface OrderBy {
  readonly path: string;
  readonly isDescending: boolean;
  readonly areNullsLast: boolean;
}

export type FieldGroup = 'ALL' | 'STANDARD' | 'CUSTOM';

export interface Query {
  /** `count` is `COUNT()`. */
  readonly select:
    | { readonly kind: 'count' }
    | { readonly kind: 'fields'; readonly paths: readonly string[]; readonly groups: readonly FieldGroup[] };
  readonly from: string;
  readonly where?: Condition;
  readonly orderBy: readonly OrderBy[];
  readonly limit?: number;
  readonly offset?: number;
}
