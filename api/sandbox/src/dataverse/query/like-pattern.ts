/** SQL Server's LIKE as a regular expression: `%`, `_`, `[set]` and `[^set]` are wildcards, in text functions too (wildcard-characters.md). */

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

export function likePattern(like: string): RegExp {
  const source = like.replace(/%|_|\[(\^?)([^\]]+)\]|[^%_[]+|\[/g, (part, negation: string | undefined, set: string | undefined) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    // A range such as a-z keeps its hyphen; everything else in the set stands for itself.
    if (set !== undefined) return `[${negation ?? ''}${escape(set).replace(/(\w)\\-(\w)/g, '$1-$2')}]`;
    return escape(part);
  });
  return new RegExp(`^${source}$`, 's');
}
