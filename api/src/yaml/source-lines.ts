import { isMap, isNode, isSeq, type Document, type LineCounter, type Node } from 'yaml';

/** Where something is in a YAML text: keys and positions from the top. */
export type YamlPath = readonly (string | number)[];

/** Both count from 1. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

/** Finds where a path stands; its nearest ancestor when it is not in the file, as for a key that is missing. */
export const createPlaceFinder = (document: Document, lines: LineCounter): ((path: YamlPath) => YamlPlace) => {
  const placeOf = (node: Node): YamlPlace => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return { line, column: col };
  };
  return (path) => {
    let node: unknown = document.contents;
    let place: YamlPlace = { line: 1, column: 1 };
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isNode(key) && String(key) === String(step));
        if (pair === undefined) return place;
        if (isNode(pair.key)) place = placeOf(pair.key);
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (!isNode(node)) return place;
        place = placeOf(node);
      } else return place;
    }
    return place;
  };
};

/** `tables.account.map[2].to`, as people write it. */
export const showPath = (path: YamlPath): string =>
  path.reduce<string>((shown, step) => (typeof step === 'number' ? `${shown}[${step}]` : shown === '' ? step : `${shown}.${step}`), '');
