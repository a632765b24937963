/** What a $filter says, before it is known to which table. */

export type Literal =
  | { readonly type: 'string' | 'guid' | 'datetime' | 'date'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null'; readonly value: null };

export type Operand = { readonly kind: 'property'; readonly path: string } | { readonly kind: 'literal'; readonly literal: Literal };

export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
/** FetchXML's `like` brings its own wildcards. */
export type TextFunction = 'contains' | 'startswith' | 'endswith' | 'like';

/** Any of Dataverse's query functions but In and Between, such as LastXDays; its values as text, in the order of their parameters. */
export interface FunctionFilter {
  readonly kind: 'function';
  /** Without the namespace. */
  readonly name: string;
  readonly path: string;
  readonly values: readonly string[];
}

/** `contact_customer_accounts/any(c:c/lastname eq 'x')`. */
export interface LambdaFilter {
  readonly kind: 'lambda';
  readonly quantifier: 'any' | 'all';
  readonly path: string;
  /** null: `any()`, which asks only whether there is a row. Its paths start with the variable. */
  readonly condition: { readonly variable: string; readonly filter: Filter } | null;
}

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'compare'; readonly operator: ComparisonOperator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'text'; readonly name: TextFunction; readonly path: string; readonly pattern: string }
  /** `Microsoft.Dynamics.CRM.In` and `NotIn`. */
  | { readonly kind: 'in'; readonly path: string; readonly values: readonly string[]; readonly isNegated: boolean }
  | { readonly kind: 'between'; readonly path: string; readonly low: string; readonly high: string; readonly isNegated: boolean }
  | FunctionFilter
  | LambdaFilter;

export function isComparisonOperator(word: string): word is ComparisonOperator {
  return ['eq', 'ne', 'gt', 'ge', 'lt', 'le'].includes(word);
}

export function isTextFunction(word: string): word is TextFunction {
  return ['contains', 'startswith', 'endswith'].includes(word);
}
