import { html } from './html.js';

/**
 * Tabs with their panels; arrow keys move between them (WAI-ARIA tabs pattern).
 * @param {readonly { readonly title: string, readonly panel: HTMLElement }[]} tabs
 */
export const tabList = (tabs) => {
  const buttons = tabs.map(({ title }, index) =>
    html('button', { type: 'button', role: 'tab', id: `tab-${index}`, 'aria-controls': `panel-${index}` }, title),
  );
  tabs.forEach(({ panel }, index) => {
    panel.setAttribute('role', 'tabpanel');
    panel.id = `panel-${index}`;
    panel.setAttribute('aria-labelledby', `tab-${index}`);
  });
  /** @param {number} chosen */
  const choose = (chosen) =>
    buttons.forEach((button, index) => {
      button.setAttribute('aria-selected', String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
      const panel = tabs[index]?.panel;
      if (panel) panel.hidden = index !== chosen;
    });
  buttons.forEach((button, index) => {
    button.addEventListener('click', () => choose(index));
    button.addEventListener('keydown', ({ key }) => {
      if (key !== 'ArrowRight' && key !== 'ArrowLeft') return;
      const isForward = (key === 'ArrowRight') === (document.documentElement.dir !== 'rtl');
      const next = (index + (isForward ? 1 : buttons.length - 1)) % buttons.length;
      choose(next);
      buttons[next]?.focus();
    });
  });
  choose(0);
  return html('div', {}, html('div', { class: 'tabs', role: 'tablist' }, ...buttons), ...tabs.map(({ panel }) => panel));
};
