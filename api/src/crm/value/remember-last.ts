/** Keeps the last answer: for what neighbours ask again at once, such as the given and the family name out of one full name. */
export const rememberLast = <Value>(read: (text: string) => Value): ((text: string) => Value) => {
  let last: { readonly text: string; readonly value: Value } | null = null;
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) };
    return last.value;
  };
};
