// The chats of one phone, where there is more than the one with the bot: a tab for each.

import { h } from './dom.js';
import { icon } from './icons.js';
import { notRead } from './words.js';

/** @param {{name: string, enter: (chat: object) => void}} place */
export function roomTabs({ name, enter }) {
  const element = h('nav', { class: 'rooms', 'aria-label': 'Chats', hidden: true });
  let drawn = '';

  const tab = (chat, open) => {
    const title = chat.group ? chat.group.title : name;
    const short = chat.group ? title : title.split(' ')[0];
    const sign = chat.group ? icon('group') : h('span', { class: 'seal small', 'aria-hidden': 'true' });
    const badge = chat.unread > 0 && h('span', { class: 'badge', 'aria-hidden': 'true' }, String(chat.unread));
    const label = `${title}${chat.unread ? `, ${notRead(chat.unread)}` : ''}`;
    return h('button', { type: 'button', class: 'room', 'aria-label': label, 'aria-current': chat === open ? 'true' : null, title, on: { click: () => enter(chat) } },
      sign, h('span', { class: 'room-title' }, short), badge);
  };

  /** Drawn again only when something is different, so that the focus stays where it is. */
  const draw = (chats, open) => {
    element.hidden = chats.length < 2;
    const state = JSON.stringify(chats.map((chat) => [chat.group?.id, chat.group?.title, chat.unread, chat === open]));
    if (state === drawn) return;
    const focused = element.contains(document.activeElement);
    drawn = state;
    element.replaceChildren(...chats.map((chat) => tab(chat, open)));
    const current = element.querySelector('[aria-current]');
    if (focused) current?.focus({ preventScroll: true });
    if (current) element.scrollTo({ left: current.offsetLeft - (element.clientWidth - current.offsetWidth) / 2 });
  };

  return { element, draw };
}
