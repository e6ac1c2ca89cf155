// The list of bubbles: days, the line that marks what is new, and keeping one's place while things change.

import { h } from './dom.js';
import { bubble, draftBubble, setTicks } from './bubbles.js';
import { dayName, dayOf } from './times.js';
import { serviceText } from './words.js';

const SAME_BREATH = 5 * 60_000;
const NEAR = 48;

const speaker = (message) => (message.service ? message.message_id : message.from === 'bot' ? 'bot' : message.person);

export class Thread {
  #drawn = new Map();
  #days = new Map();
  #stuck = true;

  constructor(chat, reach, { onScroll }) {
    this.chat = chat;
    this.reach = { ...reach, quoted: (id) => this.#quoted(id), goTo: (id) => this.goTo(id), settled: () => this.#stuck && this.toEnd() };
    this.mark = h('p', { class: 'new-mark' }, h('span', {}, 'Mensajes nuevos'));
    this.dots = h('div', { class: 'message theirs typing', hidden: true }, h('div', { class: 'bubble' }, h('span', { class: 'unseen' }, 'Escribiendo'), h('i'), h('i'), h('i')));
    this.list = h('div', { class: 'list' });
    this.element = h('div', { class: 'thread', role: 'log', 'aria-live': 'off', 'aria-label': `Conversación de ${chat.person.name}${chat.group ? ` en ${chat.group.title}` : ''}`, tabindex: '0', on: { scroll: () => this.#scrolled(onScroll), keydown: (event) => this.#walk(event) } }, this.list, this.dots);
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(this.element);
  }

  /** Whether the end is in view; what has just arrived and will be followed counts as seen. */
  get atEnd() {
    return this.#stuck;
  }

  #measured() {
    return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight < NEAR;
  }

  /** An open thread follows its end, unless somebody is reading further up. */
  draw({ follow = false } = {}) {
    const focus = this.#rememberFocus();
    const stuck = follow || this.#stuck;
    const wanted = this.#nodes();
    let at = this.list.firstChild;
    for (const node of wanted) {
      if (node === at) at = at.nextSibling;
      else this.list.insertBefore(node, at);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    this.dots.hidden = !this.chat.typing;
    if (stuck || this.#measured()) this.toEnd();
    this.#restoreFocus(focus);
    // What was there when the page opened is not news, so it is not read aloud.
    if (this.chat.loaded) setTimeout(() => this.element.setAttribute('aria-live', 'polite'), 500);
  }

  toEnd() {
    this.#stuck = true;
    this.element.scrollTop = this.element.scrollHeight;
  }

  goTo(id) {
    const article = this.list.querySelector(`[data-message-id="${id}"]`);
    article?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    article?.focus({ preventScroll: true });
  }

  #scrolled(onScroll) {
    this.#stuck = this.#measured();
    onScroll();
  }

  #nodes() {
    const { chat } = this;
    const spokeAt = chat.messages.reduce((latest, message) => (message.from === 'bot' ? Math.max(latest, message.revision) : latest), 0);
    const nodes = [];
    const seen = new Set();
    let before = null;
    let day = null;
    for (const message of chat.messages) {
      const today = dayOf(new Date(message.date));
      if (today !== day) nodes.push(this.#day(today, message.date));
      if (message.message_id === chat.firstUnread) nodes.push(this.mark);
      const article = message.service ? this.#service(message) : this.#article(message);
      const joined = before && today === day && speaker(before.message) === speaker(message) && Date.parse(message.date) - Date.parse(before.message.date) < SAME_BREATH && message.message_id !== chat.firstUnread;
      article.classList.toggle('joined', Boolean(joined));
      if (chat.isMine(message)) setTicks(article, spokeAt > message.revision);
      nodes.push(article);
      seen.add(String(message.message_id));
      [before, day] = [{ message }, today];
    }
    for (const letter of chat.pending) {
      nodes.push(this.#keep(letter.key, letter.failed ?? '', () => draftBubble(letter, () => chat.drop(letter))));
      seen.add(letter.key);
    }
    for (const key of this.#drawn.keys()) if (!seen.has(key)) this.#drawn.delete(key);
    return nodes;
  }

  #article(message) {
    const mine = this.chat.isMine(message);
    const author = this.chat.group && !mine ? this.#nameOf(message) : null;
    return this.#keep(String(message.message_id), JSON.stringify(message), () => bubble(message, this.reach, { mine, author }));
  }

  #service(message) {
    const { what, who } = message.service;
    return this.#keep(String(message.message_id), what, () => h('p', { class: 'day service' }, h('span', {}, serviceText(what, who))));
  }

  #nameOf(message) {
    return message.from === 'bot' ? 'Oficialía' : this.reach.nameOf(message.person);
  }

  #keep(key, state, build) {
    const kept = this.#drawn.get(key);
    if (kept?.state === state) return kept.node;
    const node = build();
    this.#drawn.set(key, { state, node });
    return node;
  }

  #day(day, date) {
    if (!this.#days.has(day)) this.#days.set(day, h('p', { class: 'day' }, h('span')));
    const node = this.#days.get(day);
    const name = dayName(new Date(date));
    if (node.textContent !== name) node.firstChild.textContent = name;
    return node;
  }

  #quoted(id) {
    const message = this.chat.find(id);
    if (!message) return { author: 'Respuesta', text: 'Ya no está' };
    const text = message.text || message.file?.name || (message.location ? 'Ubicación' : 'Contacto');
    return { author: this.chat.isMine(message) ? 'Tú' : this.chat.group ? this.#nameOf(message) : 'Bot', text };
  }

  /** A bubble that is rebuilt under somebody's finger must not throw the keyboard's focus away. */
  #rememberFocus() {
    const article = document.activeElement?.closest?.('[data-message-id]');
    if (!article || !this.list.contains(article)) return null;
    return { article, id: article.dataset.messageId, data: document.activeElement.dataset.data };
  }

  #restoreFocus(focus) {
    if (!focus || focus.article.isConnected) return;
    const article = this.list.querySelector(`[data-message-id="${focus.id}"]`);
    const same = focus.data && [...(article?.querySelectorAll('.key') ?? [])].find((key) => key.dataset.data === focus.data);
    (same || article || this.element).focus({ preventScroll: true });
  }

  #walk(event) {
    const articles = [...this.list.querySelectorAll('article')];
    const here = articles.indexOf(event.target.closest('article'));
    const onKey = event.target.closest('.key, a, .spoiler, .command');
    const steps = { ArrowUp: here < 0 ? articles.length - 1 : here - 1, ArrowDown: here < 0 ? -1 : here + 1, Home: 0, End: articles.length - 1 };
    if (event.key in steps && articles[steps[event.key]]) {
      event.preventDefault();
      articles[steps[event.key]].focus();
    } else if (event.key.toLowerCase() === 'r' && !event.ctrlKey && !event.metaKey && here >= 0 && !onKey) {
      const message = this.chat.find(Number(articles[here].dataset.messageId));
      if (!message) return;
      event.preventDefault();
      this.reach.reply(message);
    }
  }
}
