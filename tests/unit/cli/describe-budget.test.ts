import { describeBudget } from '../../../api/src/cli/describe-budget.ts';

const untouched = { day: '2026-11-26', requestsToday: 0, processes: 0, limits: [], told: [], restsSeconds: 0, keptSeconds: 0 };

describe('a CRM’s request budget at the terminal', () => {
  it('shows what of every limit is used, by how many processes, and what the CRM itself says', () => {
    expect(
      describeBudget({
        ...untouched,
        requestsToday: 12_480,
        processes: 2,
        limits: [
          { requests: 4, used: 3 },
          { requests: 80, perSeconds: 10, used: 61 },
          { requests: 4, perSeconds: 1, on: ['changes'], used: 0 },
        ],
        told: [
          { header: 'X-Left', remaining: 411_020, limit: 650_000 },
          { header: 'X-Used', used: 7 },
        ],
        toldOn: '2026-11-26T18:04:11.000Z',
        restsSeconds: 12,
        keptSeconds: 60,
      }),
    ).toEqual([
      '12,480 requests on 2026-11-26; now 3 of 4 requests at once, 61 of 80 requests in 10 s, 0 of 4 requests in 1 s for changes',
      '2 processes share its limits',
      'the CRM says (2026-11-26T18:04:11.000Z): X-Left: 411,020 of 650,000 left',
      'the CRM says (2026-11-26T18:04:11.000Z): X-Used: 7 used',
      'the CRM wants rest for another 12 s',
      'runs wait for another 60 s: the rest of its budget is kept for people',
    ]);
  });

  it('says nothing of a CRM that was not asked today', () => expect(describeBudget(untouched)).toEqual([]));
});
