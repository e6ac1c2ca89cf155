import { h } from './dom.js';
import { icon } from './icons.js';

/**
 * A button's menu: arrows walk, Escape closes and gives the focus back, a click elsewhere closes.
 *
 * @param {() => {label: string, note?: string, icon?: string, act: () => void}[]} items asked each time it opens
 */
export function addMenu(button, items, { label, place }) {
  let list = null;
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');

  const close = ({ giveBack = false } = {}) => {
    if (!list) return;
    list.remove();
    list = null;
    button.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    if (giveBack) button.focus();
  };
  const outside = (event) => {
    if (!list.contains(event.target) && !button.contains(event.target)) close();
  };
  const walk = (event) => {
    const entries = [...list.children];
    const here = entries.indexOf(document.activeElement);
    const steps = { ArrowDown: here + 1, ArrowUp: here - 1 + entries.length, Home: 0, End: entries.length - 1 };
    if (event.key in steps) entries[steps[event.key] % entries.length].focus();
    else if (event.key === 'Escape') close({ giveBack: true });
    else if (event.key === 'Tab') return close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const open = () => {
    list = h('div', { class: `menu ${place}`, role: 'menu', 'aria-label': label, on: { keydown: walk } },
      items().map((item) => h('button', { type: 'button', role: 'menuitem', tabindex: '-1', on: { click: () => { close({ giveBack: true }); item.act(); } } },
        item.icon && icon(item.icon), h('span', {}, item.label), item.note && h('small', {}, item.note))));
    button.parentElement.append(list);
    button.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', outside, true);
    list.firstChild.focus();
  };
  button.addEventListener('click', () => (list ? close() : open()));
  return { open: () => list || open(), close };
}
