import { isEmpty, isList } from '../../expression/json.ts';
import { isPrimitive, textTransform, type Transform } from './transform.ts';

const lineBreak = /[\r\n]/;

export const splitLines: Transform = textTransform({
  description: 'Text of several lines to a list of its lines, without empty ones; for address1_line1, address1_line2 and address1_line3.',
  noun: 'text',
  change: (text) => {
    if (!lineBreak.test(text)) {
      const line = text.trim();
      return line === '' ? [] : [line];
    }
    return text
      .split(/\r\n|\r|\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  },
});

export const join: Transform = {
  description: 'A list to one text: {join: ", "}. Elements that hold nothing are left out.',
  noun: 'list of texts',
  compile: (argument) => {
    if (typeof argument !== 'string') throw new RangeError('it takes the text to put between, for example {join: ", "}');
    return (value) => {
      if (!isList(value)) return isPrimitive(value) ? value : undefined;
      const texts = value.filter((element) => !isEmpty(element));
      return texts.every(isPrimitive) ? texts.map(String).join(argument) : undefined;
    };
  },
};
