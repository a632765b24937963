import { createFaker } from '../../../../api/src/crm/kit/recording/fake-values.ts';

const faker = createFaker(Buffer.alloc(32, 7));

describe('what stands for a value in a recording', () => {
  it.each([
    ['a name', 'Maria Anders', /^[B-Z][b-z]{4} [B-Z][b-z]{5}$/],
    ['an address of mail', 'maria.anders@acme.example', /^[b-z]{5}\.[b-z]{6}@[b-z]{4}\.[b-z]{7}$/],
    ['a phone', '+43 (664) 123-45', /^\+\d\d \(\d{3}\) \d{3}-\d\d$/],
    ['a day', '1970-12-31', /^18\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/],
    ['a moment', '2026-01-02T03:04:05.678+01:00', /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.678\+01:00$/],
    ['a day as in German', '31.12.1970', /^\d\d\.(0[1-9]|1[0-2])\.\d{4}$/],
    ['a web address', 'https://www.acme.example/a?b=1', /^https:\/\/www\.[b-z]{4}\.[b-z]{7}\/[b-z]\?[b-z]=\d$/],
    ['other letters', 'Łódź 日本', /^[B-Z][b-z]{3} [b-z]{2}$/],
  ])('keeps the shape of %s', (_what, real, shape) => {
    const fake = faker.text(real);
    expect(fake).toMatch(shape);
    expect(fake).toHaveLength(real.length);
    expect(fake).not.toBe(real);
  });

  it('is the same for the same value under one key, and another under another', () => {
    expect(faker.text('Maria Anders')).toBe(faker.text('Maria Anders'));
    expect(createFaker(Buffer.alloc(32, 8)).text('Maria Anders')).not.toBe(faker.text('Maria Anders'));
  });

  it('is never a word: no made-up name has a vowel', () => {
    const fakes = Array.from({ length: 500 }, (_, at) => faker.text(`Person Number ${at}`));
    expect(fakes.join()).not.toMatch(/[aeiouy]/i);
  });

  it('has as many digits as a number had', () => {
    for (const real of [7, 436_641_234_567, -12.5]) expect(String(faker.number(real))).toHaveLength(String(real).length);
    expect(faker.number(1_234_567)).not.toBe(1_234_567);
  });
});
