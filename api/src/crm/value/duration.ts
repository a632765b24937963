const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const durationPattern = '^\\d{1,9}(ms|s|m|h|d)$';

/** `500ms`, `30s`, `5m`, `2h`, `1d` to milliseconds. The schema has checked the text. */
export const durationMs = (text: string): number => {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const unitMs = unit === undefined ? undefined : new Map(Object.entries(unitsMs)).get(unit);
  if (amount === undefined || unitMs === undefined) throw new RangeError(`“${text}” is no duration`);
  return Number(amount) * unitMs;
};
