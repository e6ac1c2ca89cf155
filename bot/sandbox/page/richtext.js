// Server text becomes elements here and nowhere else: parsed apart, and only what is on the list is copied over.

import { h } from './dom.js';

const ALIKE = { STRONG: 'b', B: 'b', EM: 'i', I: 'i', INS: 'u', U: 'u', S: 's', STRIKE: 's', DEL: 's', CODE: 'code', PRE: 'pre', BLOCKQUOTE: 'blockquote', BR: 'br' };
const SILENT = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'NOSCRIPT']);
const LIVELY = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)»])|(?<![\w/])(\/[a-z][a-z0-9_]{0,31})(?![\w/])/g;

export function safeAddress(address) {
  try {
    const url = new URL(address);
    return ['http:', 'https:', 'tg:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** What a link to a bot carries after `?start=` (or another key), or null when it is any other link. */
export function startOf(address, botName, key = 'start') {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url) return null;
  const inApp = url.protocol === 'tg:' && url.host === 'resolve';
  const onWeb = ['t.me', 'telegram.me'].includes(url.host);
  const name = inApp ? url.searchParams.get('domain') : onWeb && url.pathname.slice(1);
  if (!name || !botName || name.toLowerCase() !== botName.toLowerCase()) return null;
  return key === 'start' && !url.searchParams.has('startgroup') ? (url.searchParams.get('start') ?? '') : url.searchParams.get(key);
}

/**
 * @param {{say: ((text: string) => void)|null, follow: (url: string) => void}} reach what a tap on a command or a link does
 */
export function richText(html, reach) {
  const parsed = new DOMParser().parseFromString(html, 'text/html').body;
  const copy = document.createDocumentFragment();
  copyChildren(parsed, copy, { reach, literal: false });
  return copy;
}

export function plainText(text, reach) {
  const copy = document.createDocumentFragment();
  copy.append(...enliven(text, reach));
  return copy;
}

function copyChildren(from, to, { reach, literal }) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (literal) to.append(node.data);
      else to.append(...enliven(node.data, reach));
    } else if (node.nodeType === Node.ELEMENT_NODE && !SILENT.has(node.nodeName)) {
      const twin = twinOf(node, reach);
      copyChildren(node, twin ?? to, { reach, literal: literal || ['A', 'CODE', 'PRE'].includes(node.nodeName) });
      if (twin) to.append(twin);
    }
  }
}

function twinOf(node, reach) {
  if (ALIKE[node.nodeName]) return h(ALIKE[node.nodeName]);
  if (node.nodeName === 'A') {
    const address = safeAddress(node.getAttribute('href') ?? '');
    return address && link(address, reach);
  }
  if (node.nodeName === 'TG-SPOILER' || (node.nodeName === 'SPAN' && /^(tg-)?spoiler$/.test(node.className))) return spoiler();
  return null;
}

function* enliven(text, reach) {
  let seen = 0;
  for (const found of text.matchAll(LIVELY)) {
    const [whole, address] = found;
    if (!address && !reach.say) continue;
    yield text.slice(seen, found.index);
    const element = address ? link(address, reach) : h('button', { type: 'button', class: 'command', on: { click: () => reach.say(whole) } });
    element.append(whole);
    yield element;
    seen = found.index + whole.length;
  }
  yield text.slice(seen);
}

function link(address, reach) {
  const follow = (event) => {
    event.preventDefault();
    reach.follow(address);
  };
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer', on: { click: follow } });
}

function spoiler() {
  const reveal = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    element.classList.toggle('revealed');
    element.setAttribute('aria-expanded', element.classList.contains('revealed'));
  };
  const element = h('span', { class: 'spoiler', role: 'button', tabindex: '0', 'aria-expanded': 'false', title: 'Texto oculto: toca para verlo', on: { click: reveal, keydown: reveal } });
  return element;
}
