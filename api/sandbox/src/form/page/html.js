/**
 * An element with attributes and children. Children that are not elements become text, so a row's values cannot become markup.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export const html = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** @param {string} selector */
export const find = (selector) => {
  const element = document.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`The page has no ${selector}`);
  return element;
};

/** The same page conditions (person, language, theme) on another address of the app. @param {string} path */
export const keepQuery = (path) => `${path}${location.search}`;
