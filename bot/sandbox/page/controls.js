// What is not part of any phone: the municipality, the bot's clock, the theme and the scripted faults.

import { Api } from './api.js';
import { askMoment } from './dialogs.js';
import { h, memory } from './dom.js';
import { icon } from './icons.js';
import { botNow, moment, setClock } from './times.js';

const find = (id) => document.getElementById(id);

/** @param {{jumped: () => void, failed: (error: Error) => void}} listener */
export function clockControl({ jumped, failed }) {
  let face = '';
  let zone = '';
  const draw = () => {
    const text = moment(botNow());
    if (text === face) return;
    face = text;
    find('clock').textContent = text;
    find('clock').dateTime = botNow().toISOString();
  };
  const set = (now, newZone) => {
    zone = newZone ?? zone;
    setClock(now, newZone);
    draw();
    jumped();
  };
  const read = async () => {
    const { now, zone: newZone } = await Api.time();
    set(now, newZone);
  };
  const move = async (change) => {
    try {
      await Api.setTime(change);
      await read();
    } catch (error) {
      failed(error);
    }
  };
  for (const button of document.querySelectorAll('[data-advance]')) {
    button.addEventListener('click', () => move({ advance: Number(button.dataset.advance) }));
  }
  find('go-to').addEventListener('click', async () => {
    const wanted = await askMoment(zone.split('/').at(-1).replaceAll('_', ' '));
    if (wanted) move({ now: wanted.toISOString() });
  });
  setInterval(draw, 1000);
  return { read, set };
}

const THEMES = { auto: ['auto', 'Tema: el del sistema'], light: ['sun', 'Tema: claro'], dark: ['moon', 'Tema: oscuro'] };

export function themeControl() {
  const button = find('theme');
  const draw = () => {
    const [sign, label] = THEMES[document.documentElement.dataset.theme ?? 'auto'];
    button.replaceChildren(icon(sign));
    button.title = label;
    button.setAttribute('aria-label', `${label}. Cambiar`);
  };
  button.addEventListener('click', () => {
    const names = Object.keys(THEMES);
    const next = names[(names.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % names.length];
    if (next === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    memory.set('theme', next);
    draw();
  });
  draw();
}

/** On a narrow screen the settings are a panel behind one button. */
export function settingsPanel() {
  const toggle = find('settings-toggle');
  const panel = find('settings');
  const show = (open) => {
    panel.classList.toggle('open', open);
    toggle.setAttribute('aria-expanded', open);
  };
  toggle.append(icon('sliders'));
  toggle.addEventListener('click', () => show(!panel.classList.contains('open')));
  document.addEventListener('pointerdown', (event) => {
    if (!event.target.closest('#settings, #settings-toggle, dialog')) show(false);
    if (!event.target.closest('#tests, dialog')) find('tests').open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (find('tests').open) {
      find('tests').open = false;
      find('tests').querySelector('summary').focus();
    } else if (panel.classList.contains('open')) {
      show(false);
      toggle.focus();
    }
  });
}

export function manualSelect(manuals, chosen, choose) {
  const select = find('manual');
  select.replaceChildren(...manuals.map(({ id, title }) => h('option', { value: id }, title)));
  select.value = chosen;
  find('manual-field').hidden = manuals.length < 2;
  select.onchange = () => choose(manuals.find(({ id }) => id === select.value));
}

/** @param {{chats: () => import('./chat.js').Chat[], api: () => Api, failed: (error: Error) => void}} world */
export function faultsPanel({ chats, api, told, failed }) {
  const whom = h('select', { 'aria-label': 'A quién le falla' });
  const result = h('p', { class: 'faults-result', role: 'status' });
  const faults = [
    ['429: espera 5 s', { fault: '429', retry_after: 5 }, 'El próximo envío recibirá un 429: debe esperar 5 segundos.'],
    ['429: nada en 60 s', { fault: 'flood', seconds: 60 }, 'Desde el próximo envío, y por 60 segundos, todos recibirán un 429.'],
    ['500: una vez', { fault: '500' }, 'El próximo envío recibirá un 500.'],
    ['Corte de conexión', { fault: 'drop' }, 'El próximo envío se quedará sin respuesta.'],
    ['Respuesta perdida', { fault: 'lose_response' }, 'El próximo envío llegará, pero el bot no lo sabrá: lo repetirá una vez.'],
    ['Cuenta eliminada', { fault: 'deactivated', times: 0 }, 'Hasta quitar las fallas, la cuenta ya no existe.'],
    ['Una hora tarde', { fault: 'late', seconds: 3600 }, 'Lo próximo que se le diga al bot le llegará en una hora, o al quitar las fallas.'],
  ];
  const run = async (act, text) => {
    try {
      await act();
      result.textContent = text;
    } catch (error) {
      failed(error);
    }
  };
  const chosen = () => chats().find((chat) => String(chat.person.id) === whom.value);
  const buttons = faults.map(([label, fault, text]) => {
    const act = () => api().fault(chosen() ? { ...fault, chat: chosen().person.id } : fault);
    return h('button', { type: 'button', on: { click: () => run(act, text) } }, label);
  });
  const block = h('button', { type: 'button', on: { click: () => {
    const chat = chosen();
    if (!chat) {
      result.textContent = 'Elige a una persona.';
      return;
    }
    const blocked = !chat.blocked;
    run(() => chat.setBlocked(blocked), `${chat.person.name} ${blocked ? 'bloqueó' : 'desbloqueó'} al bot.`);
  } } }, 'Bloqueado por la persona');
  const clear = h('button', { type: 'button', on: { click: () => run(() => api().clearFaults(), 'Ya no hay fallas pendientes.') } }, 'Quitar fallas');
  find('faults').append(h('p', {}, 'Lo que puede fallar entre el bot y Telegram.'), h('label', { class: 'field' }, h('span', {}, 'A quién'), whom), h('div', { class: 'fault-buttons' }, buttons, block, clear), result);
  return {
    fill: () => whom.replaceChildren(h('option', { value: '' }, 'Todas las personas'), ...chats().map(({ person }) => h('option', { value: person.id }, person.name))),
  };
}
