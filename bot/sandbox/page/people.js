// The strip of people: who is there, who has something unread, whose phone is in front.

import { avatar, h, isNarrow } from './dom.js';
import { firstRole, notRead, roleAndArea } from './words.js';

/** @param {{choose: Function, unreadOf: (chat: object) => number}} place what a phone has not read counts its groups */
export function peopleStrip(nav, { choose, unreadOf }) {
  let buttons = new Map();

  const fill = (chats) => {
    buttons = new Map(chats.map((chat) => [chat, personButton(chat, choose)]));
    nav.replaceChildren(...[...buttons.values()].map(({ button }) => button));
  };

  const draw = (active, shown) => {
    let total = 0;
    for (const [chat, { button, badge, note }] of buttons) {
      const visible = shown.includes(chat);
      const unread = unreadOf(chat);
      total += unread;
      button.classList.toggle('shown', visible);
      if (chat === active) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
      badge.hidden = !unread;
      badge.textContent = unread;
      const where = isNarrow() ? '' : visible ? ', a la vista' : ', guardado';
      note.textContent = `${roleAndArea(chat.person)}${where}${unread ? `, ${notRead(unread)}` : ''}`;
    }
    document.title = `${total ? `(${total}) ` : ''}Oficialía · simulador`;
  };

  /** The strip scrolls sideways only: scrollIntoView would move the page too. */
  const reveal = (chat) => {
    const button = buttons.get(chat)?.button;
    if (button) nav.scrollTo({ left: button.offsetLeft - (nav.clientWidth - button.offsetWidth) / 2, behavior: 'smooth' });
  };

  return { fill, draw, reveal };
}

function personButton(chat, choose) {
  const { person } = chat;
  const id = `note-${person.id}`;
  const badge = h('span', { class: 'badge', hidden: true, 'aria-hidden': 'true' });
  const note = h('span', { id, class: 'unseen' });
  const button = h('button', { type: 'button', class: 'person', 'aria-label': person.name, 'aria-describedby': id, title: roleAndArea(person), on: { click: () => choose(chat) } },
    avatar(person), h('span', { class: 'person-text' }, h('b', {}, person.name), h('small', {}, firstRole(person))), badge, note);
  return { button, badge, note };
}
