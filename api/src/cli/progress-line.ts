import type { RunBody } from '../contract/runs.ts';

const barWidth = 20;

/** Back to the start of the bar's line, which is then empty. */
export const clearLine = '\r\u001b[K';

/** `contact ████████░░░░ 61 % · read 61,204 · 1,840/s`; without a total from the CRM, no bar and no percentage. */
export const progressLine = (run: RunBody, columns: number): string => {
  const part = run.parts.find(({ state }) => state === 'running') ?? run.parts.at(-1);
  const expected = run.parts.reduce<number | undefined>(
    (sum, { expected: rows }) => (sum === undefined || rows === undefined ? undefined : sum + rows),
    0,
  );
  const share = expected === undefined || expected === 0 ? undefined : Math.min(1, run.counts.read / expected);
  const filled = share === undefined ? 0 : Math.round(share * barWidth);
  const words = [
    `${part?.table ?? ''}${share === undefined ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor(share * 100)} %`}`.trim(),
    `read ${run.counts.read.toLocaleString('en-US')}`,
    `written ${run.counts.written.toLocaleString('en-US')}`,
    ...(run.counts.failed > 0 ? [`failed ${run.counts.failed.toLocaleString('en-US')}`] : []),
    ...(run.recordsPerSecond === undefined ? [] : [`${Math.round(run.recordsPerSecond).toLocaleString('en-US')}/s`]),
  ];
  return words.join(' · ').slice(0, Math.max(20, columns - 1));
};
