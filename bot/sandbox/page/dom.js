import { icon } from './icons.js';

/** Builds an element. `class`, `dataset` and `on` are named as they read; a boolean sets or leaves out its attribute. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'dataset') Object.assign(element.dataset, value);
    else if (name === 'on') for (const [type, listen] of Object.entries(value)) element.addEventListener(type, listen);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const iconButton = (name, label, listen, props = {}) =>
  h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, on: { click: listen }, ...props }, icon(name));

export const unseen = (text) => h('span', { class: 'unseen' }, text);

/** Two letters and one of eight dark colours, by the person's place in the list. */
export function avatar(person) {
  const words = person.name.split(/\s+/).filter(Boolean);
  const letters = (words[0]?.[0] ?? '?') + (words.length > 1 ? words[1][0] : '');
  return h('span', { class: `avatar avatar-${person.place % 8}`, 'aria-hidden': 'true' }, letters.toUpperCase());
}

/** What a browser remembers may be forbidden or full; the page works without it. */
export const memory = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(`oficialia.${key}`));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`oficialia.${key}`, JSON.stringify(value));
    } catch {
      // Nothing depends on it.
    }
  },
};

export const onTouch = () => matchMedia('(pointer: coarse)').matches;
export const isNarrow = () => matchMedia('(max-width: 719.98px)').matches;
