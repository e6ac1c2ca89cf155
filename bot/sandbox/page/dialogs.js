// Every dialog is a native one: it traps the focus, closes with Escape and gives the focus back.

import { h } from './dom.js';
import { fileSize, roleAndArea } from './words.js';
import { asLocalInput, botNow, fromLocalInput } from './times.js';

let dialogs = 0;

/**
 * @param {{title: string, content: (Node|string)[], accept: string, cancel?: string|null, kind?: string, answer?: () => any}} what
 * @returns what `answer` gives when accepted, or null when the dialog was left
 */
export function ask({ title, content, accept, cancel = 'Cancelar', kind = '', answer = () => true }) {
  const id = `dialog-${(dialogs += 1)}`;
  return new Promise((resolve) => {
    let result = null;
    const submit = (event) => {
      event.preventDefault();
      result = answer();
      dialog.close();
    };
    const onBackdrop = (event) => {
      if (event.target === dialog) dialog.close();
    };
    const leave = cancel && h('button', { type: 'button', class: 'quiet', on: { click: () => dialog.close() } }, cancel);
    const dialog = h('dialog', { class: `dialog ${kind}`, 'aria-labelledby': id, on: { click: onBackdrop } },
      h('form', { on: { submit } }, h('h2', { id }, title), ...content, h('div', { class: 'actions' }, leave, h('button', { type: 'submit', class: 'primary' }, accept))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('[data-first]')?.select?.();
  });
}

const field = (label, input, note = null) => h('label', { class: 'field' }, h('span', {}, label), input, note && h('small', {}, note));

/** A popup that the bot asked to show as an alert. */
export const alert = (person, text) => ask({ title: `Aviso para ${person.name}`, content: [h('p', { class: 'alert-text', dir: 'auto' }, text)], accept: 'Aceptar', cancel: null, kind: 'alert' });

export const confirm = (title, text, accept) => ask({ title, content: [h('p', {}, text)], accept });

export function askPlace() {
  const latitude = h('input', { type: 'number', step: 'any', min: '-90', max: '90', required: true, value: '19.26470', inputmode: 'decimal', 'data-first': true });
  const longitude = h('input', { type: 'number', step: 'any', min: '-180', max: '180', required: true, value: '-98.89750', inputmode: 'decimal' });
  return ask({
    title: 'Compartir ubicación',
    content: [h('p', {}, 'Es un lugar de ejemplo; cámbialo si quieres.'), h('div', { class: 'pair' }, field('Latitud', latitude), field('Longitud', longitude))],
    accept: 'Compartir',
    answer: () => ({ latitude: Number(latitude.value), longitude: Number(longitude.value) }),
  });
}

export function askPhone() {
  const phone = h('input', { type: 'tel', required: true, pattern: '[0-9+ \\-]{7,20}', value: '+52 55 5555 0134', autocomplete: 'off', 'data-first': true });
  return ask({ title: 'Compartir contacto', content: [field('Teléfono', phone, 'Es un número de ejemplo.')], accept: 'Compartir', answer: () => phone.value.trim() });
}

const NAMES = ['Lucía Márquez', 'Héctor Salinas', 'Ofelia Cruz', 'Raúl Zepeda', 'Irene Castañeda', 'Nicolás Bravo'];
let asked = 0;

export function askName() {
  const name = h('input', { type: 'text', required: true, maxlength: '64', value: NAMES[asked++ % NAMES.length], autocomplete: 'off', 'data-first': true });
  return ask({ title: 'Nueva persona', content: [h('p', {}, 'Llega con un teléfono nuevo y el bot todavía no la conoce.'), field('Nombre', name)], accept: 'Agregar', answer: () => name.value.trim() });
}

/** @returns {Promise<{title: string, members: number[]}|null>} */
export function askGroup(founder, others) {
  const title = h('input', { type: 'text', required: true, maxlength: '64', value: 'Comunicación Social', autocomplete: 'off', 'data-first': true });
  const { list, chosen } = pickPeople(others);
  return ask({
    title: 'Nuevo grupo',
    content: [h('p', {}, `${founder.name} crea el grupo y agrega al bot.`), field('Nombre', title), list],
    accept: 'Crear',
    answer: () => ({ title: title.value.trim(), members: [founder.id, ...chosen()] }),
  });
}

/** @returns {Promise<number[]|null>} */
export function askMembers(group, others) {
  const { list, chosen } = pickPeople(others);
  return ask({ title: `Agregar a «${group.title}»`, content: [list], accept: 'Agregar', answer: chosen });
}

function pickPeople(people) {
  const boxes = people.map((person) => [person, h('input', { type: 'checkbox' })]);
  const rows = boxes.map(([person, box]) => h('label', { class: 'check' }, box, h('span', { class: 'file-name' }, h('b', {}, person.name), h('small', {}, roleAndArea(person)))));
  const list = h('fieldset', { class: 'pick' }, h('legend', {}, 'Quién está'), ...rows);
  return { list, chosen: () => boxes.filter(([, box]) => box.checked).map(([person]) => person.id) };
}

export function askMoment(zoneName) {
  const input = h('input', { type: 'datetime-local', required: true, value: asLocalInput(botNow()), 'data-first': true });
  return ask({ title: 'Ir a otra fecha', content: [field('Fecha y hora', input, `Hora de ${zoneName}. También puedes volver atrás.`)], accept: 'Ir', answer: () => fromLocalInput(input.value) });
}

/** A photo above ten megabytes travels as a document, as in any client. */
const PHOTO_LIMIT = 10_000_000;
const asPhoto = (file) => /^image\/(png|jpe?g|webp|gif|bmp|heic)$/.test(file.type) && file.size <= PHOTO_LIMIT;

/** @returns {Promise<{caption: string, kinds: string[]}|null>} */
export async function askFiles(files, { asDocuments }) {
  const previews = [];
  const rows = files.map((file) => {
    const row = h('li', {}, h('span', { class: 'file-name' }, h('b', {}, file.name), h('small', {}, fileSize(file.size))));
    if (asPhoto(file)) {
      previews.push(URL.createObjectURL(file));
      row.prepend(h('img', { src: previews.at(-1), alt: '' }));
    }
    return row;
  });
  const compress = h('input', { type: 'checkbox', ...(asDocuments ? {} : { checked: true }) });
  const caption = h('textarea', { rows: '2', maxlength: '1024', dir: 'auto' });
  const choice = await ask({
    title: files.length === 1 ? 'Enviar archivo' : `Enviar ${files.length} archivos`,
    content: [h('ul', { class: 'files' }, rows), files.some(asPhoto) && h('label', { class: 'check' }, compress, 'Como foto'), field('Comentario (opcional)', caption)].filter(Boolean),
    accept: files.length === 1 ? 'Enviar archivo' : 'Enviar archivos',
    answer: () => ({ caption: caption.value.trim(), kinds: files.map((file) => (compress.checked && asPhoto(file) ? 'photo' : 'document')) }),
  });
  previews.forEach((address) => URL.revokeObjectURL(address));
  return choice;
}

export const showPhoto = (url, name) =>
  ask({ title: name, content: [h('div', { class: 'big-photo' }, h('img', { src: url, alt: name })), h('p', {}, h('a', { href: url, target: '_blank', rel: 'noopener' }, 'Abrir en otra pestaña'))], accept: 'Cerrar', cancel: null, kind: 'wide' });
