/** SQL Server's LIKE as a regular expression: `%`, `_`, `[set]` and `[^set]` are wildcards, in text functions too (wildcard-characters.md). */

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A range such as a-z keeps its hyphen; one that runs backwards holds nothing but its ends, as everything else in a set does. */
const range = (text: string, from: string, to: string) => (from <= to ? `${from}-${to}` : text);

export function likePattern(like: string): RegExp {
  const source = like.replace(/%|_|\[(\^?)([^\]]+)\]|[^%_[]+|\[/g, (part, negation: string | undefined, set: string | undefined) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    if (set !== undefined) return `[${negation ?? ''}${escape(set).replace(/(\w)\\-(\w)/g, range)}]`;
    return escape(part);
  });
  return new RegExp(`^${source}$`, 's');
}
