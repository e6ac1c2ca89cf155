// One message, drawn. Bubbles are rebuilt only when what the server says about them changes.

import { h, unseen } from './dom.js';
import { icon } from './icons.js';
import { richText, plainText } from './richtext.js';
import { hour, moment } from './times.js';
import { fileSize } from './words.js';

/** Rows of many short buttons (a calendar) keep their columns; others may wrap. */
const COLUMNS_FROM = 5;

/**
 * @param {{say: Function, follow: Function, press: Function, reply: Function, show: Function, quoted: Function, goTo: Function}} reach
 */
export function bubble(message, reach, { mine, author }) {
  const article = h('article', { class: `message ${mine ? 'mine' : 'theirs'}`, tabindex: '-1', dataset: { messageId: message.message_id } });
  const body = h('div', { class: 'bubble' }, author ? h('b', { class: `author${message.from === 'bot' ? ' of-bot' : ''}` }, author, unseen(': ')) : unseen(mine ? 'Tú: ' : 'Bot: '));
  if (message.reply_to) body.append(quote(message.reply_to, reach));
  if (message.file) body.append(file(message.file, reach));
  if (message.location) body.append(place(message.location, message.venue?.title));
  if (message.contact) body.append(card('contact', message.contact.first_name || 'Contacto', message.contact.phone_number ?? message.contact.phone));
  if (message.html || message.text) {
    // In what the person wrote, a command is only what was said; in what the bot wrote, it is something to tap.
    const reached = mine ? { ...reach, say: null } : reach;
    const words = message.html ? richText(message.html, reached) : plainText(message.text, reached);
    body.append(h('div', { class: 'words', dir: 'auto' }, words));
  } else if (!message.file && !message.location && !message.contact) {
    body.append(h('div', { class: 'words' }, h('i', {}, 'El simulador no dibuja este tipo de envío.')));
  }
  body.append(meta(message, mine));
  const reply = h('button', { type: 'button', class: 'reply-button', tabindex: '-1', 'aria-label': 'Responder', title: 'Responder', on: { click: () => reach.reply(message) } }, icon('reply'));
  article.append(h('div', { class: 'line' }, body, reply));
  if (message.reaction) article.append(h('span', { class: 'reaction' }, unseen('Reacción: '), message.reaction));
  if (message.buttons?.length) article.append(keyboard(message, reach));
  return article;
}

export function draftBubble(letter, drop) {
  const body = h('div', { class: 'bubble' }, unseen('Tú: '));
  if (letter.file) body.append(card('file', letter.file.name, fileSize(letter.file.size)));
  if (letter.text) body.append(h('div', { class: 'words', dir: 'auto' }, letter.text));
  if (!letter.failed) body.append(h('span', { class: 'meta' }, icon('waiting'), unseen('Enviando')));
  const article = h('article', { class: `message mine draft${letter.failed ? ' failed' : ''}`, tabindex: '-1' }, h('div', { class: 'line' }, body));
  if (letter.failed) {
    article.append(
      h('div', { class: 'failure', role: 'alert' },
        h('p', {}, `No se envió. ${letter.failed}`),
        letter.mayRetry && h('button', { type: 'button', on: { click: letter.retry } }, 'Reintentar'),
        h('button', { type: 'button', on: { click: drop } }, 'Descartar')),
    );
  }
  return article;
}

function meta(message, mine) {
  const date = new Date(message.date);
  const line = h('span', { class: 'meta' });
  if (message.edited) line.append('editado ');
  if (message.silent && !mine) line.append(icon('muted'), unseen('sin sonido '));
  line.append(h('time', { datetime: message.date, title: moment(date) }, hour(date)));
  if (mine) line.append(h('span', { class: 'ticks' }));
  return line;
}

/** One tick: the bot has it. Two: the bot has spoken since. */
export function setTicks(article, answered) {
  const ticks = article.querySelector('.ticks');
  if (!ticks || ticks.dataset.answered === String(answered)) return;
  ticks.dataset.answered = answered;
  ticks.replaceChildren(icon(answered ? 'seen' : 'sent'), unseen(answered ? ' Atendido' : ' Enviado'));
}

function quote(id, reach) {
  const { author, text } = reach.quoted(id);
  return h('button', { type: 'button', class: 'quote', tabindex: '-1', on: { click: () => reach.goTo(id) } }, h('b', {}, author), h('span', { dir: 'auto' }, text));
}

function file({ name, type, size, url, width, height }, reach) {
  const title = name || 'Archivo';
  const asCard = () =>
    h('a', { class: 'card', href: url, target: '_blank', rel: 'noopener', download: title }, h('span', { class: 'card-sign' }, icon('file')), h('span', { class: 'card-text' }, h('b', {}, title), h('small', {}, fileSize(size ?? 0))));
  if (!(type ?? '').startsWith('image/') && type !== 'photo') return asCard();
  const picture = h('img', { src: url, alt: `Foto: ${title}`, loading: 'lazy', decoding: 'async', width, height });
  const frame = h('button', { type: 'button', class: 'photo', on: { click: () => reach.show(url, title) } }, picture);
  picture.addEventListener('error', () => frame.replaceWith(asCard()), { once: true });
  picture.addEventListener('load', () => reach.settled(), { once: true });
  return frame;
}

function card(sign, title, detail) {
  return h('div', { class: 'card' }, h('span', { class: 'card-sign' }, icon(sign)), h('span', { class: 'card-text' }, h('b', {}, title), h('small', {}, detail)));
}

function place({ latitude, longitude }, title = 'Ubicación') {
  return h('div', { class: 'place' }, h('div', { class: 'map' }, icon('pin')), h('p', {}, h('b', {}, title), h('small', {}, `${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`)));
}

function keyboard(message, reach) {
  const rows = message.buttons.map((row, r) => {
    const many = row.length >= COLUMNS_FROM;
    const buttons = row.map((button, b) => {
      const press = (event) => reach.press(message, button, event.currentTarget);
      return h('button', { type: 'button', class: 'key', dataset: { key: `${r}.${b}`, data: button.data ?? '' }, on: { click: press } },
        h('span', { class: 'label', dir: 'auto' }, button.text), button.url && icon('outward'));
    });
    return h('div', { class: many ? `row columns columns-${row.length}` : 'row' }, buttons);
  });
  return h('div', { class: 'keyboard', role: 'group', 'aria-label': 'Opciones' }, rows);
}
