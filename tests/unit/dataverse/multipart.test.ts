import fc from 'fast-check';
import { batchContentType, readBatch, writeBatch } from '../../../api/src/dataverse/http/multipart.ts';

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** As Dataverse writes its answer to a `$batch`. */
const answerBody = (boundary: string, answers: readonly Answer[]): string =>
  answers
    .map(
      ({ status, headers, body }) =>
        `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 ${status} Whatever\r\n` +
        `${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}\r\n`,
    )
    .join('') + `--${boundary}--\r\n`;

const boundary = 'batchresponse_8ad6a46a-70a5-40ff-8d84-a98d1f7b3f2d';

const answer = fc.record<Answer>({
  status: fc.integer({ min: 200, max: 599 }),
  headers: fc.array(fc.tuple(fc.constantFrom('OData-Version', 'Retry-After', 'REQ_ID'), fc.stringMatching(/^[A-Za-z0-9:-]{1,20}$/)), {
    maxLength: 2,
  }),
  body: fc.oneof(
    fc.constant(''),
    fc.json({ maxDepth: 2 }),
    fc.array(fc.constantFrom('\r\n', '--', 'batchresponse', '{', '"', 'ä', ' '), { maxLength: 20 }).map((words) => words.join('')),
  ),
});

describe('a $batch answer', () => {
  it('is read part by part, whatever stands in the bodies', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
        const parts = readBatch(`multipart/mixed; boundary=${boundary}`, answerBody(boundary, answers));
        expect(parts?.map(({ status, body }) => ({ status, body }))).toEqual(answers.map(({ status, body }) => ({ status, body })));
        for (const [index, { headers }] of answers.entries()) {
          for (const [name, value] of headers) {
            const first = headers.find(([other]) => other === name)?.[1];
            if (first === value) expect(parts?.[index]?.header(name.toLowerCase())).toBe(value);
          }
        }
      }),
    );
  });

  it('that was cut off anywhere is never taken for a whole one', () => {
    const whole = answerBody(boundary, [
      { status: 204, headers: [['OData-Version', '4.0']], body: '' },
      { status: 400, headers: [], body: '{"error":{"code":"0x80044331","message":"too long"}}' },
    ]);
    const end = whole.lastIndexOf('--\r\n');
    for (let length = 0; length < end; length += 1) {
      expect(readBatch(batchContentType(boundary), whole.slice(0, length))).toBeNull();
    }
  });

  it('that is no multipart is not read', () => {
    expect(readBatch('application/json', '{}')).toBeNull();
    expect(readBatch(undefined, '')).toBeNull();
  });

  it('may quote its boundary', () => {
    const body = answerBody(boundary, [{ status: 204, headers: [], body: '' }]);
    expect(readBatch(`multipart/mixed; charset=utf-8; boundary="${boundary}"`, body)).toHaveLength(1);
  });
});

describe('a $batch request', () => {
  it('is written with CRLF everywhere, one HTTP request a part', () => {
    const text = writeBatch(
      [
        {
          method: 'PATCH',
          path: "/api/data/v9.2/contacts(ccsync_sourcekey='a~1')",
          headers: { 'If-Match': '*' },
          body: '{"lastname":"Ä"}',
        },
        { method: 'GET', path: '/api/data/v9.2/contacts?$select=lastname' },
      ],
      'batch_x',
    );
    expect(text).toBe(
      [
        '--batch_x',
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        '',
        "PATCH /api/data/v9.2/contacts(ccsync_sourcekey='a~1') HTTP/1.1",
        'Content-Type: application/json; type=entry',
        'If-Match: *',
        '',
        '{"lastname":"Ä"}',
        '--batch_x',
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        '',
        'GET /api/data/v9.2/contacts?$select=lastname HTTP/1.1',
        '',
        '',
        '--batch_x--',
        '',
      ].join('\r\n'),
    );
  });
});
