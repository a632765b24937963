/** Fills `{name}` in a text; a name without a value stays as it is, so that a mistake in a translation shows. */
export const fillText = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/**
 * The parts of a text around its placeholders, for texts whose values are elements and not strings:
 * `checked {time}` gives ['checked ', { name: 'time' }].
 */
export const splitText = (template: string): readonly (string | { readonly name: string })[] =>
  template
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1) } : part));
