// One person's phone: the chats it has, the one that is open, and what a finger does to them.

import { avatar, h, iconButton, unseen } from './dom.js';
import { icon } from './icons.js';
import { addMenu } from './menu.js';
import { alert, askGroup, askMembers, confirm, showPhoto } from './dialogs.js';
import { roomTabs } from './rooms.js';
import { Composer } from './composer.js';
import { Thread } from './thread.js';
import { safeAddress, startOf } from './richtext.js';
import { onSwipe } from './swipe.js';
import { notRead, roleAndArea } from './words.js';

const PATIENCE = 8000;
const TOAST = 4500;

export class Phone {
  #spinning = new Set();
  #rooms = new Map();

  /** @param {{bot: {title: string, username: string}, isActive: () => boolean, activate: () => void, mayHide: () => boolean, hide: () => void, nameOf: (person: number) => string, others: () => object[], groups: object}} place */
  constructor(chat, place) {
    this.own = chat;
    this.place = place;
    this.chat = chat;
    this.#room(chat);
    this.element = this.#build();
    this.draw();
  }

  get thread() {
    return this.#room(this.chat).thread;
  }

  get composer() {
    return this.#room(this.chat).composer;
  }

  get unread() {
    return this.chats.reduce((sum, chat) => sum + chat.unread, 0);
  }

  /** The chat with the bot, and those of the groups in which this person is. */
  get chats() {
    return [...this.#rooms.keys()];
  }

  /** Puts the groups of this person beside their chat with the bot; what is gone goes. */
  joinRooms(chats) {
    for (const chat of this.chats) {
      if (chat === this.own || chats.includes(chat)) continue;
      this.#rooms.delete(chat);
      if (this.chat === chat) this.enter(this.own);
    }
    for (const chat of chats) this.#room(chat);
    this.draw();
  }

  enter(chat) {
    if (chat === this.chat) return;
    const before = this.#room(this.chat);
    this.chat.forgetMark();
    this.chat = chat;
    const { thread, composer } = this.#room(chat);
    before.thread.element.replaceWith(thread.element);
    before.composer.element.replaceWith(composer.element);
    this.draw();
    thread.toEnd();
    this.attend();
  }

  #room(chat) {
    const known = this.#rooms.get(chat);
    if (known) return known;
    const room = { composer: new Composer(chat, this.place.bot.username), thread: new Thread(chat, this.#reach(), { onScroll: () => this.#scrolled() }) };
    this.#rooms.set(chat, room);
    chat.attended = () => this.chat === chat && this.place.isActive() && !document.hidden && room.thread.atEnd;
    chat.addEventListener('change', () => this.draw());
    chat.addEventListener('typing', () => this.draw());
    chat.addEventListener('arrival', ({ detail }) => this.#arrived(detail));
    onSwipe(room.thread.element, (id) => room.composer.answer(chat.find(id)));
    return room;
  }

  #build() {
    const { chat, place } = this;
    const { person } = chat;
    this.status = h('span', { class: 'status' }, 'bot');
    this.tabs = roomTabs({ name: `Oficialía ${place.bot.title}`, enter: (room) => this.enter(room) });
    this.badge = h('span', { class: 'badge', hidden: true });
    this.jump = h('button', { type: 'button', class: 'jump', hidden: true, on: { click: () => this.#toEnd() } }, icon('down'));
    this.toasts = h('div', { class: 'toasts', role: 'status' });
    this.empty = h('div', { class: 'empty', hidden: true },
      h('span', { class: 'seal', 'aria-hidden': 'true' }), h('p', { class: 'empty-title' }, 'Aquí empieza todo'),
      h('p', {}, `Este es el teléfono de ${person.name.split(' ')[0]}. Toca «Iniciar» o escribe /start y el bot te guía paso a paso.`),
      h('button', { type: 'button', class: 'primary big', on: { click: () => this.own.say('/start') } }, 'Iniciar'));
    this.barred = h('div', { class: 'barred', hidden: true }, h('p', {}, 'Bloqueaste a este bot.'), h('button', { type: 'button', class: 'primary', on: { click: () => this.#block(false) } }, 'Desbloquear'));
    const more = iconButton('more', `Más del teléfono de ${person.name}`, null);
    const header = h('header', { class: 'phone-header' },
      avatar(person), h('div', { class: 'who' }, h('h2', {}, person.name), h('p', { title: roleAndArea(person) }, roleAndArea(person))), this.badge, h('span', { class: 'anchor' }, more));
    this.botLine = h('div', { class: 'bot-line' }, h('span', { class: 'seal small', 'aria-hidden': 'true' }), h('b', {}, `Oficialía ${place.bot.title}`), this.status);
    const element = h('section', { class: 'phone', role: 'region', 'aria-label': `Teléfono de ${person.name}`, dataset: { person: person.id } },
      h('div', { class: 'screen' }, header, this.botLine, this.tabs.element, h('div', { class: 'stage' }, this.thread.element, this.empty, this.jump, this.toasts), this.composer.element, this.barred,
        h('div', { class: 'drop-here', 'aria-hidden': 'true' }, icon('file'), 'Suelta aquí para enviar')));
    addMenu(more, () => this.#menu(), { label: 'Más', place: 'below to-left' });
    // Not on pointerdown: what is read then scrolls, and the button would slip away from under the finger.
    element.addEventListener('click', () => place.activate(), true);
    element.addEventListener('focusin', (event) => {
      if (event.target.matches(':focus-visible')) place.activate();
    });
    this.#acceptDrops(element);
    return element;
  }

  draw() {
    if (!this.element) return;
    const { chat } = this;
    this.thread.draw({ follow: chat.pending.some((letter) => !letter.failed) });
    this.composer.draw();
    this.empty.hidden = Boolean(chat.group) || !chat.loaded || chat.messages.length > 0 || chat.pending.length > 0;
    this.status.textContent = chat.typing ? 'escribiendo…' : 'bot';
    this.composer.element.hidden = chat.blocked;
    this.barred.hidden = !chat.blocked;
    this.botLine.hidden = this.chats.length > 1;
    this.tabs.draw(this.chats, chat);
    this.#count();
  }

  /** Called when this becomes the phone that the person at the screen is using. */
  attend() {
    if (this.thread.atEnd) this.chat.markRead();
  }

  focus() {
    this.composer.input.focus({ preventScroll: true });
  }

  /** The bot answered a press, with words or without. */
  answered({ text, show_alert: asAlert } = {}) {
    this.#release();
    if (!text) return;
    if (asAlert) alert(this.own.person, text);
    else this.toast(text);
  }

  toast(text, { error = false } = {}) {
    const toast = h('p', { class: `toast${error ? ' error' : ''}`, dir: 'auto' }, text);
    this.toasts.replaceChildren(toast);
    setTimeout(() => toast.remove(), Math.max(TOAST, text.length * 60));
  }

  #reach() {
    return {
      say: (text) => this.chat.say(text),
      follow: (address) => this.#follow(address),
      press: (message, button, element) => this.#press(message, button, element),
      reply: (message) => this.composer.answer(message),
      show: showPhoto,
      nameOf: (person) => this.place.nameOf(person),
    };
  }

  #follow(address) {
    const safe = safeAddress(address);
    if (!safe) return;
    const { username } = this.place.bot;
    const payload = startOf(safe, username);
    const forGroup = startOf(safe, username, 'startgroup');
    if (payload !== null) this.own.say(`/start ${payload}`.trim());
    else if (forGroup !== null) this.#foundGroup(forGroup);
    else window.open(safe, '_blank', 'noopener,noreferrer');
  }

  /** As the client does: the bot comes in with its founder, and hears the link's payload if there is one. */
  async #foundGroup(payload = '') {
    const { person } = this.own;
    const wanted = await askGroup(person, this.place.others());
    if (!wanted) return;
    await this.#try(async () => {
      const group = await this.place.groups.found(wanted);
      const chat = this.chats.find((other) => other.group?.id === group);
      if (chat) this.enter(chat);
      if (chat && payload) await chat.say(`/start@${this.place.bot.username} ${payload}`);
    });
  }

  #try(act) {
    return act().catch((error) => this.toast(error.message, { error: true }));
  }

  async #press(message, button, element) {
    if (button.url) return this.#follow(button.url);
    if (element.getAttribute('aria-busy') === 'true') return;
    const spin = { element, timer: setTimeout(() => this.#release(spin), PATIENCE) };
    element.setAttribute('aria-busy', 'true');
    this.#spinning.add(spin);
    this.chat.forgetMark();
    try {
      await this.chat.press(message.message_id, button.data);
    } catch (error) {
      this.#release(spin);
      this.toast(error.message, { error: true });
    }
  }

  /** The bot answered, by a popup or by a message: what was spinning stops. */
  #release(only = null) {
    for (const spin of only ? [only] : [...this.#spinning]) {
      clearTimeout(spin.timer);
      spin.element.removeAttribute('aria-busy');
      this.#spinning.delete(spin);
    }
  }

  #arrived({ rings }) {
    this.#release();
    if (!rings || this.place.isActive()) return;
    this.element.classList.remove('ringing');
    void this.element.offsetWidth; // starts the animation again if it was still running
    this.element.classList.add('ringing');
  }

  #count() {
    const { unread } = this.chat;
    const total = this.unread;
    this.badge.hidden = !total;
    if (total) this.badge.replaceChildren(String(total), unseen(' sin leer'));
    this.element.classList.toggle('has-unread', total > 0);
    this.jump.hidden = this.thread.atEnd;
    const label = unread ? `Bajar al final, ${notRead(unread)}` : 'Bajar al final';
    this.jump.setAttribute('aria-label', label);
    this.jump.replaceChildren(icon('down'), unread ? h('span', { class: 'badge' }, String(unread)) : '');
  }

  #scrolled() {
    if (this.thread.atEnd && this.place.isActive()) this.chat.markRead();
    this.#count();
  }

  #toEnd() {
    this.thread.toEnd();
    this.thread.element.focus({ preventScroll: true });
    this.#scrolled();
  }

  #menu() {
    const { chat } = this;
    if (chat.group) return this.#groupMenu(chat.group);
    return [
      { label: 'Nuevo grupo', icon: 'group', act: () => this.#foundGroup() },
      ...(this.place.mayHide() ? [{ label: 'Ocultar teléfono', icon: 'hide', act: this.place.hide }] : []),
      chat.blocked ? { label: 'Desbloquear al bot', icon: 'block', act: () => this.#block(false) } : { label: 'Bloquear al bot', icon: 'block', act: () => this.#block(true) },
    ];
  }

  #groupMenu(group) {
    const { groups, others } = this.place;
    const { id } = this.own.person;
    const outside = others().filter((person) => !group.members.includes(person.id));
    const invite = async () => {
      const members = await askMembers(group, outside);
      if (members?.length) await this.#try(() => groups.add(group, members));
    };
    const place = (status) => () => this.#try(() => groups.placeBot(group, id, status));
    return [
      ...(outside.length ? [{ label: 'Agregar personas', icon: 'person', act: invite }] : []),
      group.bot ? { label: 'Sacar al bot', icon: 'block', act: place('kicked') } : { label: 'Agregar al bot', icon: 'person', act: place('member') },
      ...(group.kind === 'group' ? [{ label: 'Pasar a supergrupo', icon: 'group', act: () => this.#try(() => groups.upgrade(group)) }] : []),
    ];
  }

  async #block(blocked) {
    const first = this.own.person.name.split(' ')[0];
    if (blocked && !(await confirm('Bloquear al bot', `${first} ya no recibirá nada del bot hasta que lo desbloquee.`, 'Bloquear'))) return;
    await this.own.setBlocked(blocked).catch((error) => this.toast(error.message, { error: true }));
  }

  #acceptDrops(element) {
    const carriesFiles = (event) => event.dataTransfer?.types.includes('Files') && !this.chat.blocked;
    element.addEventListener('dragover', (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      element.classList.add('dropping');
    });
    element.addEventListener('dragleave', (event) => {
      if (!element.contains(event.relatedTarget)) element.classList.remove('dropping');
    });
    element.addEventListener('drop', (event) => {
      element.classList.remove('dropping');
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.composer.offer(event.dataTransfer.files);
    });
  }
}
