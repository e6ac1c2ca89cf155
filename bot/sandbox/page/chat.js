// What one phone knows. It is told of a change, asks what is new and tells its watchers; it draws nothing.

import { Unreachable } from './api.js';

let pendings = 0;

export class Chat extends EventTarget {
  messages = [];
  pending = [];
  revision = 0;
  loaded = false;
  blocked = false;
  keyboard = null;
  typing = false;
  readUpTo = 0;
  firstUnread = null;
  /** Says whether somebody is looking at the end of this chat right now. */
  attended = () => false;

  #api;
  #asking = null;
  #askAgain = false;
  #typingTimer = 0;
  #there;

  /** @param {{id: number, title: string, bot: boolean}|null} group the group that is open, or none: the chat with the bot */
  constructor(person, api, group = null) {
    super();
    this.person = person;
    this.group = group;
    this.#api = api;
    this.#there = group ? { chat: group.id } : {};
  }

  get unread() {
    return this.messages.filter((message) => this.#isNews(message) && message.message_id > this.readUpTo).length;
  }

  isMine(message) {
    return message.from === 'person' && message.person === this.person.id;
  }

  #isNews(message) {
    return !message.service && !this.isMine(message);
  }

  find(id) {
    return this.messages.find((message) => message.message_id === id);
  }

  /** Calls that overlap become one, and one more afterwards, so no change falls between two. */
  refresh() {
    this.#askAgain = true;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask() {
    while (this.#askAgain) {
      this.#askAgain = false;
      const state = await this.#api.chat(this.person.id, this.#there, this.revision);
      if (state.revision < this.revision) {
        // The server began anew with an empty book.
        Object.assign(this, { revision: 0, messages: [], readUpTo: 0, firstUnread: null, loaded: false });
        this.#askAgain = true;
      } else this.#merge(state);
    }
  }

  #merge(state) {
    const known = new Map(this.messages.map((message) => [message.message_id, message]));
    const fresh = state.messages.filter((message) => !known.has(message.message_id));
    for (const message of state.messages) known.set(message.message_id, message);
    for (const id of state.deleted ?? []) known.delete(id);
    this.messages = [...known.values()].sort((a, b) => a.message_id - b.message_id);
    Object.assign(this, { revision: state.revision, blocked: Boolean(state.blocked), keyboard: state.keyboard ?? null });
    for (const message of fresh) if (this.isMine(message)) this.#settle(message);

    const arrived = this.loaded ? fresh.filter((message) => this.#isNews(message)) : [];
    if (arrived.length) this.setTyping(false);
    else if (state.typing) this.setTyping(true);
    if (!this.loaded || this.attended()) this.readUpTo = this.#last();
    else if (arrived.length) this.firstUnread ??= arrived[0].message_id;
    this.loaded = true;
    this.#tell('change');
    if (arrived.length) this.#tell('arrival', { rings: arrived.some((message) => !message.silent) });
    if (fresh.some((message) => message.service)) this.#tell('service');
  }

  #last() {
    return this.messages.at(-1)?.message_id ?? 0;
  }

  markRead() {
    if (this.readUpTo >= this.#last()) return;
    this.readUpTo = this.#last();
    this.#tell('change');
  }

  /** The line "nuevos" has done its work once the person answers or turns to another phone. */
  forgetMark() {
    if (this.firstUnread === null || this.unread) return;
    this.firstUnread = null;
    this.#tell('change');
  }

  setTyping(typing) {
    clearTimeout(this.#typingTimer);
    // The Bot API's chat action lasts five seconds unless it is repeated.
    if (typing) this.#typingTimer = setTimeout(() => this.setTyping(false), 5000);
    if (typing === this.typing) return;
    this.typing = typing;
    this.#tell('typing');
  }

  say(text, replyTo = null) {
    return this.#send({ kind: 'text', text, replyTo }, () => this.#api.say(this.person.id, this.#there, text, replyTo));
  }

  sendFile(file, about) {
    return this.#send({ kind: 'file', text: about.caption, file }, () => this.#api.sendFile(this.person.id, this.#there, file, about));
  }

  shareLocation(latitude, longitude) {
    return this.#send({ kind: 'location', text: '📍 Ubicación' }, () => this.#api.shareLocation(this.person.id, this.#there, latitude, longitude));
  }

  shareContact(phone) {
    return this.#send({ kind: 'contact', text: '👤 Contacto' }, () => this.#api.shareContact(this.person.id, this.#there, phone));
  }

  async press(messageId, data) {
    await this.#api.press(this.person.id, this.#there, messageId, data);
    await this.refresh();
  }

  async setBlocked(blocked) {
    await this.#api.block(this.person.id, blocked);
    this.blocked = blocked;
    this.#tell('change');
    await this.refresh();
  }

  #send(draft, deliver) {
    const letter = { key: `p${(pendings += 1)}`, date: Date.now(), failed: null, ...draft };
    letter.retry = async () => {
      letter.failed = null;
      this.#tell('change');
      try {
        await deliver();
        await this.refresh().catch(() => {});
        this.drop(letter);
      } catch (error) {
        letter.failed = error.message;
        letter.mayRetry = error instanceof Unreachable;
        if (letter.mayRetry) this.#tell('unreachable');
        this.#tell('change');
      }
    };
    this.pending.push(letter);
    this.markRead();
    this.forgetMark();
    return letter.retry();
  }

  drop(letter) {
    this.pending = this.pending.filter((other) => other !== letter);
    this.#tell('change');
  }

  /** The real message may come by the stream before its own answer does; then the draft must not stand beside it. */
  #settle(message) {
    const kind = ['file', 'location', 'contact'].find((part) => message[part]) ?? 'text';
    const twin = this.pending.find((letter) => !letter.failed && letter.kind === kind);
    if (twin) this.pending = this.pending.filter((letter) => letter !== twin);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
