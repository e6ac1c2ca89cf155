// One person's phone: header, thread and composer, and what a finger does to them.

import { avatar, h, iconButton, unseen } from './dom.js';
import { icon } from './icons.js';
import { addMenu } from './menu.js';
import { alert, confirm, showPhoto } from './dialogs.js';
import { Composer } from './composer.js';
import { Thread } from './thread.js';
import { safeAddress, startOf } from './richtext.js';
import { onSwipe } from './swipe.js';
import { notRead, roleAndArea } from './words.js';

const PATIENCE = 8000;
const TOAST = 4500;

export class Phone {
  #spinning = new Set();

  /** @param {{bot: {title: string, username: string}, isActive: () => boolean, activate: () => void, mayHide: () => boolean, hide: () => void}} place */
  constructor(chat, place) {
    this.chat = chat;
    this.place = place;
    this.composer = new Composer(chat);
    this.thread = new Thread(chat, this.#reach(), { onScroll: () => this.#scrolled() });
    this.element = this.#build();
    chat.attended = () => place.isActive() && !document.hidden && this.thread.atEnd;
    chat.addEventListener('change', () => this.draw());
    chat.addEventListener('typing', () => this.draw());
    chat.addEventListener('arrival', ({ detail }) => this.#arrived(detail));
    this.draw();
  }

  #build() {
    const { chat, place } = this;
    const { person } = chat;
    this.status = h('span', { class: 'status' }, 'bot');
    this.badge = h('span', { class: 'badge', hidden: true });
    this.jump = h('button', { type: 'button', class: 'jump', hidden: true, on: { click: () => this.#toEnd() } }, icon('down'));
    this.toasts = h('div', { class: 'toasts', role: 'status' });
    this.empty = h('div', { class: 'empty', hidden: true },
      h('span', { class: 'seal', 'aria-hidden': 'true' }), h('p', { class: 'empty-title' }, 'Aquí empieza todo'),
      h('p', {}, `Este es el teléfono de ${person.name.split(' ')[0]}. Toca «Iniciar» o escribe /start y el bot te guía paso a paso.`),
      h('button', { type: 'button', class: 'primary big', on: { click: () => chat.say('/start') } }, 'Iniciar'));
    this.barred = h('div', { class: 'barred', hidden: true }, h('p', {}, 'Bloqueaste a este bot.'), h('button', { type: 'button', class: 'primary', on: { click: () => this.#block(false) } }, 'Desbloquear'));
    const more = iconButton('more', `Más del teléfono de ${person.name}`, null);
    const header = h('header', { class: 'phone-header' },
      avatar(person), h('div', { class: 'who' }, h('h2', {}, person.name), h('p', { title: roleAndArea(person) }, roleAndArea(person))), this.badge, h('span', { class: 'anchor' }, more));
    const botLine = h('div', { class: 'bot-line' }, h('span', { class: 'seal small', 'aria-hidden': 'true' }), h('b', {}, `Oficialía ${place.bot.title}`), this.status);
    const element = h('section', { class: 'phone', role: 'region', 'aria-label': `Teléfono de ${person.name}`, dataset: { person: person.id } },
      h('div', { class: 'screen' }, header, botLine, h('div', { class: 'stage' }, this.thread.element, this.empty, this.jump, this.toasts), this.composer.element, this.barred,
        h('div', { class: 'drop-here', 'aria-hidden': 'true' }, icon('file'), 'Suelta aquí para enviar')));
    addMenu(more, () => this.#menu(), { label: 'Más', place: 'below to-left' });
    // Not on pointerdown: what is read then scrolls, and the button would slip away from under the finger.
    element.addEventListener('click', () => place.activate(), true);
    element.addEventListener('focusin', (event) => {
      if (event.target.matches(':focus-visible')) place.activate();
    });
    this.#acceptDrops(element);
    onSwipe(this.thread.element, (id) => this.composer.answer(chat.find(id)));
    return element;
  }

  draw() {
    const { chat } = this;
    this.thread.draw({ follow: chat.pending.some((letter) => !letter.failed) });
    this.composer.draw();
    this.empty.hidden = !chat.loaded || chat.messages.length > 0 || chat.pending.length > 0;
    this.status.textContent = chat.typing ? 'escribiendo…' : 'bot';
    this.composer.element.hidden = chat.blocked;
    this.barred.hidden = !chat.blocked;
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
    if (asAlert) alert(this.chat.person, text);
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
    };
  }

  #follow(address) {
    const safe = safeAddress(address);
    if (!safe) return;
    const payload = startOf(safe, this.place.bot.username);
    if (payload === null) window.open(safe, '_blank', 'noopener,noreferrer');
    else this.chat.say(`/start ${payload}`.trim());
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
    this.badge.hidden = !unread;
    if (unread) this.badge.replaceChildren(String(unread), unseen(' sin leer'));
    this.element.classList.toggle('has-unread', unread > 0);
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
    return [
      ...(this.place.mayHide() ? [{ label: 'Ocultar teléfono', icon: 'hide', act: this.place.hide }] : []),
      chat.blocked ? { label: 'Desbloquear al bot', icon: 'block', act: () => this.#block(false) } : { label: 'Bloquear al bot', icon: 'block', act: () => this.#block(true) },
    ];
  }

  async #block(blocked) {
    const first = this.chat.person.name.split(' ')[0];
    if (blocked && !(await confirm('Bloquear al bot', `${first} ya no recibirá nada del bot hasta que lo desbloquee.`, 'Bloquear'))) return;
    await this.chat.setBlocked(blocked).catch((error) => this.toast(error.message, { error: true }));
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
