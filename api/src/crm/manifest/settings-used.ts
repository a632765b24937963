import { parseTemplate, type TemplatePart } from '../expression/template.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';

export interface PlacedText {
  readonly path: YamlPath;
  readonly text: string;
}

/** Every text in a value, with where it stands. */
export const textsIn = (value: unknown, path: YamlPath): readonly PlacedText[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((element, position) => textsIn(element, [...path, position]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, member]) => textsIn(member, [...path, name]));
  return [];
};

/** The parts of a template, or what is wrong with it: texts inside of bodies are outside the schema, so they are first read here. */
export const parseSafely = (text: string): readonly TemplatePart[] | string => {
  try {
    return parseTemplate(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Names of the settings that the texts of a value use. */
export const settingsIn = (value: unknown): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const { text } of textsIn(value, [])) {
    const parts = parseSafely(text);
    if (typeof parts === 'string') continue;
    for (const part of parts) if (typeof part !== 'string' && part.variable === 'settings' && part.member !== null) names.add(part.member);
  }
  return names;
};
