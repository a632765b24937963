import { createHmac } from 'node:crypto';

/** Without vowels: a made-up word is never a name by chance, in no language that we know. */
const consonants = 'bcdfghjklmnpqrstvwxz';

export interface Faker {
  /** Another text of the same length and kind: letters for letters, digits for digits, a date for a date. */
  text(real: string): string;
  /** Another number with as many digits. */
  number(real: number): number;
}

/** When nobody lived who is in a CRM: a made-up day is never another one’s birthday. Dataverse takes days from 1753 on. */
const fakeYears = [1800, 1899] as const;

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
const dateShape = /^(\d{4})([-/])(\d{2})\2(\d{2})(?=$|[T ])/;
const germanDateShape = /^(\d{2})\.(\d{2})\.(\d{4})/;
const timeShape = /([T ])(\d{2}):(\d{2})(:\d{2})?/;
const addressShape = /^(https?:\/\/(?:www\.)?)(.*)$/s;

/** The same value always has the same fake, under one key; without the key nobody can find out by trying names. */
export const createFaker = (key: Buffer): Faker => {
  /** As many bytes as are asked for, all from the value. */
  const bytesOf = (real: string) => {
    let block = Buffer.alloc(0);
    let at = 0;
    let round = 0;
    return (): number => {
      if (at >= block.length) {
        block = createHmac('sha256', key).update(`${round}\n${real}`).digest();
        round += 1;
        at = 0;
      }
      const byte = block[at] ?? 0;
      at += 1;
      return byte;
    };
  };
  const within = (next: () => number, from: number, to: number): number => from + (((next() << 8) | next()) % (to - from + 1));

  const characters = (real: string, next: () => number): string => {
    let fake = '';
    for (const sign of real) {
      const letter = consonants[next() % consonants.length] ?? 'x';
      if (/\p{Nd}/u.test(sign)) fake += String(next() % 10);
      else if (/\p{Lu}/u.test(sign)) fake += letter.toUpperCase();
      else if (/[\p{L}\p{M}]/u.test(sign)) fake += letter;
      else if (sign.length > 1) fake += 'xx';
      else fake += sign;
    }
    return fake;
  };

  const time = (real: string, next: () => number): string =>
    real.replace(timeShape, (_whole, before: string, _hours, _minutes, seconds?: string) => {
      const clock = `${pad(within(next, 0, 23), 2)}:${pad(within(next, 0, 59), 2)}`;
      return `${before}${clock}${seconds === undefined ? '' : `:${pad(within(next, 0, 59), 2)}`}`;
    });
  const day = (next: () => number) => ({
    year: within(next, ...fakeYears),
    month: pad(within(next, 1, 12), 2),
    date: pad(within(next, 1, 28), 2),
  });

  return {
    text: (real) => {
      const next = bytesOf(real);
      const { year, month, date } = day(next);
      if (dateShape.test(real)) return time(real.replace(dateShape, `${year}$2${month}$2${date}`), next);
      if (germanDateShape.test(real)) return time(real.replace(germanDateShape, `${date}.${month}.${year}`), next);
      const [, scheme, rest] = addressShape.exec(real) ?? [];
      return scheme === undefined || rest === undefined ? characters(real, next) : scheme + characters(rest, next);
    },
    number: (real) => {
      const next = bytesOf(String(real));
      const text = String(real);
      if (!/^-?\d+(\.\d+)?$/.test(text)) return 0;
      let isFirst = true;
      const fake = text.replaceAll(/\d/g, () => {
        const digit = isFirst ? 1 + (next() % 9) : next() % 10;
        isFirst = false;
        return String(digit);
      });
      return Number(fake);
    },
  };
};
