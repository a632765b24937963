import { isMap, isNode, isSeq, type Document, type LineCounter, type Node } from 'yaml';

/** Where something is in a YAML text: keys and positions from the top. */
export type YamlPath = readonly (string | number)[];

/** Finds the line of a path; that of its nearest ancestor when it is not in the file, as for a key that is missing. */
export const createLineFinder = (document: Document, lines: LineCounter): ((path: YamlPath) => number) => {
  const lineOf = (node: Node): number => lines.linePos(node.range?.[0] ?? 0).line;
  return (path) => {
    let node: unknown = document.contents;
    let line = 1;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isNode(key) && String(key) === String(step));
        if (pair === undefined) return line;
        if (isNode(pair.key)) line = lineOf(pair.key);
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (!isNode(node)) return line;
        line = lineOf(node);
      } else return line;
    }
    return line;
  };
};

/** `tables.account.map[2].to`, as people write it. */
export const showPath = (path: YamlPath): string =>
  path.reduce<string>((shown, step) => (typeof step === 'number' ? `${shown}[${step}]` : shown === '' ? step : `${shown}.${step}`), '');
