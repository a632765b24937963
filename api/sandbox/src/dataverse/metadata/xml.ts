/** Writes XML: an element is a name, attributes and what is in it. */
type Attributes = Readonly<Record<string, string | number | boolean | null>>;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/** An attribute that is null is left out. `inner` is XML already. */
export function element(name: string, attributes: Attributes = {}, inner: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join('');
  return inner.length === 0 ? `<${name}${written} />` : `<${name}${written}>${inner.join('')}</${name}>`;
}
