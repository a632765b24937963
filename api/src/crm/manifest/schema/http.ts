import Type, { type Static } from 'typebox';
import { choice, condition, count, duration, httpStatus, listOrOne, mapping, operations, path, quotaPattern, text } from './parts.ts';
import { headers } from './request.ts';

export const instantWays = ['seconds', 'ms', 'epochSeconds', 'epochMs', 'date'] as const;
const as = choice(instantWays, 'How it is written: a number of seconds or ms to wait, a point in time, or an HTTP or ISO date.');

const Rate = mapping(
  {
    requests: count('So many requests', { maximum: 10_000_000 }),
    per: duration('in this time.', '1m'),
    on: Type.Optional(operations('Only requests of these kinds count; all when left out.')),
  },
  'One limit.',
);

const Quota = mapping(
  {
    header: text('The header that tells.', 'X-RateLimit-Remaining'),
    read: Type.Optional(quotaPattern('How it is written, with {remaining}, or with {used} and {limit}; {remaining} when left out.')),
    limit: Type.Optional(text('The header that tells the whole budget, for `keep` in per cent.', 'X-RateLimit-Limit')),
    keep: Type.Optional(
      Type.String({
        pattern: '^\\d{1,9}%?$',
        description:
          'Rest when no more than so much is left, since others live on the same budget; 0 when left out. A number or per cent. What a person waits for goes on.',
        examples: ['20%', '100'],
      }),
    ),
    reset: Type.Optional(mapping({ header: text('Name of the header.', 'X-RateLimit-Reset'), as }, 'When the budget is full again.')),
    rest: Type.Optional(duration('How long to rest when no header says when; 1m when left out.', '15m')),
  },
  'A budget that the CRM tells in its answers.',
);

export const Http = mapping(
  {
    headers: Type.Optional(headers('Sent with every request. One that has no value is left out.')),
    timeout: Type.Optional(duration('How long one request may take; 30s when left out.')),
    concurrency: Type.Optional(
      count('Requests at the same time, of all processes on one database together; 4 when left out.', { maximum: 64 }),
    ),
    rate: Type.Optional(
      Type.Array(Rate, {
        minItems: 1,
        maxItems: 5,
        description:
          'The CRM’s request budget; every limit in the list holds, for all processes on one database together. No limit when left out.',
      }),
    ),
    quota: Type.Optional(Type.Array(Quota, { minItems: 1, maxItems: 5, description: 'Budgets that the CRM tells in headers.' })),
    tries: Type.Optional(count('How often a failing request is tried in all; 5 when left out.', { maximum: 10 })),
    answers: Type.Optional(
      choice(['json', 'xml'], 'What answers are, whatever their content type says. By their content type when left out.'),
    ),
  },
  'How requests are made. All requests of a manifest only read, so all may be repeated.',
);

const Wait = Type.Union(
  [
    duration('How long to wait before the next try, when the CRM does not say so with Retry-After.', '10s'),
    mapping(
      {
        header: Type.Optional(text('The header that tells.', 'X-Rate-Limit-Reset')),
        path: Type.Optional(path('Where the body tells.', 'error.retry_after')),
        as,
        otherwise: Type.Optional(duration('When it does not tell.', '1m')),
      },
      'Where the answer says how long to wait.',
    ),
  ],
  { description: 'How long to wait before the next try: a time, or where the answer says it.' },
);

export const meanings = [
  'retry',
  'rateLimited',
  'signInAgain',
  'unauthorised',
  'forbidden',
  'missing',
  'empty',
  'splitWindow',
  'restart',
  'expired',
  'refuse',
] as const;

export const ErrorRule = mapping(
  {
    status: Type.Optional(listOrOne(httpStatus, 'HTTP status, or several.')),
    contains: Type.Optional(text('Text that the body holds.', 'QUERY_TIMEOUT')),
    when: Type.Optional(condition('What holds of the body.', 'success == false')),
    header: Type.Optional(
      mapping(
        { name: text('Name of the header.', 'X-Error'), contains: Type.Optional(text('Text that it holds.', 'quota')) },
        'A header that the answer has.',
      ),
    ),
    on: Type.Optional(operations('Only for answers to these; to all when left out.')),
    do: choice(
      meanings,
      'retry: try again. rateLimited: wait and try again. signInAgain: the sign-in has expired. unauthorised, forbidden: tell the admin. missing: there is no such record. empty: no (more) records. splitWindow: ask for half the time. restart: the cursor has expired, begin the list anew. expired: too long ago, a full run is needed. refuse: stop.',
    ),
    wait: Type.Optional(Wait),
    say: Type.Optional(
      text(
        'With refuse and forbidden: what is wrong and what to do about it, for the admin.',
        'This API version is retired; set a newer one.',
      ),
    ),
  },
  'What an answer means. All that is said of it must hold.',
);

export type HttpBody = Static<typeof Http>;
export type RateBody = Static<typeof Rate>;
export type QuotaBody = Static<typeof Quota>;
export type ErrorRuleBody = Static<typeof ErrorRule>;
export type WaitBody = Static<typeof Wait>;
