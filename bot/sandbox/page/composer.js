// Where a person writes, attaches and answers with the keyboard that the bot laid out.

import { h, iconButton, onTouch } from './dom.js';
import { icon } from './icons.js';
import { addMenu } from './menu.js';
import { askFiles, askPhone, askPlace } from './dialogs.js';
import { COMMANDS } from './words.js';

const TALLEST = 140;
const LARGEST_ALBUM = 10;

export class Composer {
  #replyTo = null;

  constructor(chat, botName) {
    this.chat = chat;
    this.botName = botName;
    this.input = h('textarea', { rows: '1', 'aria-label': 'Mensaje', placeholder: 'Mensaje', dir: 'auto', enterkeyhint: 'send', autocomplete: 'off', on: { input: () => this.#grown(), keydown: (event) => this.#typed(event), paste: (event) => this.#pasted(event) } });
    this.sendButton = iconButton('send', 'Enviar', () => this.send(), { class: 'icon-button send' });
    this.answering = h('div', { class: 'answering', hidden: true });
    this.keys = h('div', { class: 'reply-keys', role: 'group', 'aria-label': 'Respuestas rápidas', hidden: true });
    this.pickers = { photo: this.#picker('image/*'), document: this.#picker(null) };
    const attach = iconButton('attach', 'Adjuntar', null);
    const commands = h('button', { type: 'button', class: 'icon-button slash', 'aria-label': 'Comandos', title: 'Comandos' }, '/');
    const bar = h('div', { class: 'composer-bar' }, h('span', { class: 'anchor' }, commands), h('div', { class: 'input-well' }, this.input, h('span', { class: 'anchor' }, attach)), this.sendButton);
    this.suggestions = h('div', { class: 'suggestions', role: 'group', 'aria-label': 'Comandos que empiezan así', hidden: true });
    this.element = h('div', { class: 'composer' }, this.keys, this.suggestions, this.answering, bar, ...Object.values(this.pickers));
    addMenu(attach, () => this.#attachments(), { label: 'Adjuntar', place: 'above to-left' });
    addMenu(commands, () => COMMANDS.map(([label, note]) => ({ label, note, act: () => chat.say(this.#addressed(label)) })), { label: 'Comandos', place: 'above to-right' });
    this.#grown();
  }

  /** In a group there may be several bots: a command names whose it is. */
  #addressed(command) {
    return this.chat.group ? `${command}@${this.botName}` : command;
  }

  send() {
    const text = this.input.value.trim();
    if (!text) return this.input.focus();
    const replyTo = this.#replyTo;
    this.input.value = '';
    this.answer(null);
    this.#grown();
    this.chat.say(text, replyTo);
    this.input.focus();
  }

  answer(message) {
    this.#replyTo = message?.message_id ?? null;
    this.answering.hidden = !message;
    this.answering.replaceChildren();
    if (!message) return;
    const text = message.text || message.file?.name || 'Adjunto';
    this.answering.append(icon('reply'), h('span', { dir: 'auto' }, text), iconButton('close', 'No responder', () => this.answer(null)));
    this.input.focus();
  }

  async offer(files, { asDocuments = false } = {}) {
    const chosen = [...files];
    if (!chosen.length) return;
    const choice = await askFiles(chosen, { asDocuments });
    if (!choice) return;
    const alike = new Set(choice.kinds).size === 1;
    const album = alike && chosen.length > 1 && chosen.length <= LARGEST_ALBUM ? String(Date.now()) : null;
    // One after another: the bot must see them in the order in which they were chosen.
    for (const [index, file] of chosen.entries()) {
      await this.chat.sendFile(file, { kind: choice.kinds[index], caption: index ? '' : choice.caption, album });
    }
  }

  draw() {
    const markup = this.chat.keyboard;
    const rows = Array.isArray(markup) ? markup : (markup?.keyboard ?? []);
    const state = JSON.stringify(markup);
    if (this.keys.dataset.state === state) return;
    this.keys.dataset.state = state;
    this.input.placeholder = markup?.input_field_placeholder || 'Mensaje';
    this.keys.hidden = !rows.length;
    this.keys.replaceChildren(...rows.map((row) => h('div', { class: 'row' }, row.map((key) => this.#replyKey(typeof key === 'string' ? { text: key } : key)))));
  }

  #replyKey(key) {
    const act = () => {
      if (key.request_contact) this.#sharePhone();
      else if (key.request_location) this.#sharePlace();
      else this.chat.say(key.text);
    };
    return h('button', { type: 'button', class: 'key', on: { click: act } }, h('span', { class: 'label', dir: 'auto' }, key.text));
  }

  #picker(accept) {
    const label = accept ? 'Elegir fotos' : 'Elegir documentos';
    const picker = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': label, accept });
    picker.addEventListener('change', () => {
      const files = [...picker.files];
      picker.value = '';
      this.offer(files, { asDocuments: !accept });
    });
    return picker;
  }

  #attachments() {
    return [
      { label: 'Foto', icon: 'photo', act: () => this.pickers.photo.click() },
      { label: 'Documento', icon: 'file', act: () => this.pickers.document.click() },
      { label: 'Ubicación', icon: 'pin', act: () => this.#sharePlace() },
      { label: 'Contacto', icon: 'contact', act: () => this.#sharePhone() },
    ];
  }

  async #sharePlace() {
    const place = await askPlace();
    if (place) this.chat.shareLocation(place.latitude, place.longitude);
  }

  async #sharePhone() {
    const phone = await askPhone();
    if (phone) this.chat.shareContact(phone);
  }

  #typed(event) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape' && this.#replyTo) this.answer(null);
    else if (event.key === 'Escape') this.suggestions.hidden = true;
    else if (event.key === 'ArrowUp' && !this.suggestions.hidden) {
      event.preventDefault();
      this.suggestions.lastChild.focus();
    }
  }

  #pasted(event) {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    this.offer(files);
  }

  #grown() {
    const { input } = this;
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, TALLEST)}px`;
    this.sendButton.classList.toggle('ready', Boolean(input.value.trim()));
    this.#suggest();
  }

  #suggest() {
    const typed = this.input.value;
    const fitting = /^\/\w*$/.test(typed) ? COMMANDS.filter(([command]) => command.startsWith(typed) && command !== typed) : [];
    this.suggestions.hidden = !fitting.length;
    this.suggestions.replaceChildren(...fitting.map(([command, note]) => h('button', { type: 'button', on: { click: () => this.#take(command) } }, h('b', {}, command), h('small', {}, note))));
  }

  #take(command) {
    this.input.value = '';
    this.#grown();
    this.chat.say(this.#addressed(command));
    if (!onTouch()) this.input.focus();
  }
}
