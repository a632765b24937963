import type { JsonPrimitive, JsonValue } from '../../types.ts';
import { isList } from '../../expression/json.ts';

/**
 * Changes a value that is there: null and text without a visible character never reach a transform.
 * Gives null for “empty”, and undefined when the value cannot be read as what the column needs: the record then fails with a reason.
 */
export type TransformFunction = (value: JsonValue) => JsonValue | undefined;

export interface Transform {
  /** One line for the reference. */
  readonly description: string;
  /** What the value should have been, for the reason of a failed record: “whole number”. */
  readonly noun: string;
  /** It is given null as well, for the empty values that other transforms never see. */
  readonly takesEmpty?: boolean;
  /** Throws `RangeError` when the manifest gives it what it cannot use. */
  readonly compile: (argument: unknown) => TransformFunction;
}

const refuseArgument = (argument: unknown): void => {
  if (argument !== undefined) throw new RangeError('it takes nothing');
};

const textOf = (value: JsonValue): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

type TextChange = (text: string) => JsonValue | undefined;

const eachText = (change: TextChange): TransformFunction => {
  const apply: TransformFunction = (value) => {
    if (isList(value)) {
      const changed = value.map((element) => (element === null ? null : apply(element)));
      const fit = changed.filter((element) => element !== undefined);
      return fit.length === changed.length ? fit : undefined;
    }
    const text = textOf(value);
    return text === undefined ? undefined : change(text);
  };
  return apply;
};

interface TextTransformOptions {
  readonly description: string;
  readonly noun: string;
  /** Throws `RangeError` when the manifest gives it what it cannot use. */
  readonly compile: (argument: unknown) => TextChange;
}

/** A transform of text that takes something; numbers count as their text, and of a list every element is changed. */
export const textTransformOf = ({ description, noun, compile }: TextTransformOptions): Transform => ({
  description,
  noun,
  compile: (argument) => eachText(compile(argument)),
});

/** A transform of text that takes nothing. */
export const textTransform = (options: { readonly description: string; readonly noun: string; readonly change: TextChange }): Transform => {
  const apply = eachText(options.change);
  return {
    description: options.description,
    noun: options.noun,
    compile: (argument) => {
      refuseArgument(argument);
      return apply;
    },
  };
};

export const plainTransform = (options: {
  readonly description: string;
  readonly noun: string;
  readonly change: TransformFunction;
}): Transform => ({
  description: options.description,
  noun: options.noun,
  compile: (argument) => {
    refuseArgument(argument);
    return options.change;
  },
});

export const isPrimitive = (value: unknown): value is JsonPrimitive =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
