// Puts the page together: one municipality at a time, its people, their phones and the stream that wakes them.

import { Api } from './api.js';
import { Chat } from './chat.js';
import { clockControl, faultsPanel, manualSelect, settingsPanel, themeControl } from './controls.js';
import { askName } from './dialogs.js';
import { isNarrow, memory, onTouch } from './dom.js';
import { icon } from './icons.js';
import { peopleStrip } from './people.js';
import { Phone } from './phone.js';
import { listen } from './stream.js';
import { callRoles } from './words.js';

const SHOWN_AT_FIRST = 4;
const RETRY = 1500;

const find = (id) => document.getElementById(id);
const desk = find('phones');

let api = null;
let bot = null;
let chats = [];
let groupChats = new Map();
let phones = new Map();
let shown = [];
let active = null;
let stopListening = () => {};

const strip = peopleStrip(find('people'), { choose: (chat) => bringForward(chat), unreadOf: (chat) => phones.get(chat)?.unread ?? 0 });
const failed = (error) => phones.get(active)?.toast(error.message, { error: true });
const clock = clockControl({ jumped: () => phones.forEach((phone) => phone.draw()), failed });
const faults = faultsPanel({ chats: () => chats, api: () => api, failed });

async function open(manual) {
  stopListening();
  bot = manual;
  api = new Api(manual.id);
  memory.set('manual', manual.id);
  if (location.search) history.replaceState(null, '', location.pathname);
  desk.setAttribute('aria-busy', 'true');
  callRoles(await api.roles());
  const people = await api.people();
  chats = people.map((person, place) => new Chat({ ...person, place }, api));
  groupChats = new Map();
  phones = new Map(chats.map((chat) => [chat, phoneOf(chat)]));
  await gather();
  const remembered = memory.get(`shown.${manual.id}`) ?? [];
  shown = chats.filter((chat) => remembered.includes(chat.person.id));
  if (!shown.length) shown = chats.slice(0, SHOWN_AT_FIRST);
  strip.fill(chats);
  faults.fill();
  layOut();
  activate(shown[0]);
  desk.removeAttribute('aria-busy');
  stopListening = listen(api.streamAddress(), { heard, opened, lost });
}

function watch(chat) {
  chat.addEventListener('unreachable', lost);
  chat.addEventListener('change', () => strip.draw(active, shown));
}

/** Gives each phone the groups in which its person is; a group that has just appeared is news. */
async function gather({ news = false } = {}) {
  const groups = await api.groups();
  const gathered = new Map();
  for (const [own, phone] of phones) {
    const rooms = groups.filter((group) => group.members.includes(own.person.id)).map((group) => {
      const key = `${own.person.id} ${group.id}`;
      const chat = groupChats.get(key) ?? groupChat(own.person, group, news);
      chat.group = group;
      gathered.set(key, chat);
      return chat;
    });
    phone.joinRooms(rooms);
  }
  groupChats = gathered;
  await Promise.all([...gathered.values()].filter((chat) => !chat.revision).map((chat) => chat.refresh()));
}

function groupChat(person, group, news) {
  const chat = new Chat(person, api, group);
  chat.loaded = news;
  watch(chat);
  chat.addEventListener('service', () => gather({ news: true }).catch(lost));
  return chat;
}

const groups = {
  async found({ title, members }) {
    const { id } = await api.foundGroup(title, members);
    await gather({ news: true });
    return id;
  },
  placeBot: async (group, by, status) => {
    await api.placeBot(group.id, by, status);
    await gather({ news: true });
  },
  add: async (group, members) => {
    await api.addMembers(group.id, members);
    await gather({ news: true });
  },
  upgrade: async (group) => {
    await api.upgrade(group.id);
    await gather({ news: true });
  },
};

function phoneOf(chat) {
  watch(chat);
  return new Phone(chat, {
    bot,
    isActive: () => active === chat,
    activate: () => activate(chat),
    mayHide: () => shown.length > 1 && !isNarrow(),
    hide: () => hide(chat),
    nameOf: (id) => chats.find(({ person }) => person.id === id)?.person.name ?? 'Alguien',
    others: () => chats.map(({ person }) => person).filter((person) => person !== chat.person),
    groups,
  });
}

function layOut() {
  const wanted = chats.filter((chat) => shown.includes(chat)).map((chat) => phones.get(chat).element);
  for (const old of [...desk.children]) if (!wanted.includes(old)) old.remove();
  wanted.forEach((element, place) => {
    if (desk.children[place] !== element) desk.insertBefore(element, desk.children[place] ?? null);
  });
  desk.dataset.count = wanted.length;
  shown.forEach((chat) => phones.get(chat).draw());
  strip.draw(active, shown);
}

function activate(chat) {
  if (!chat || active === chat) return;
  phones.get(active)?.chat.forgetMark();
  active = chat;
  for (const [other, phone] of phones) phone.element.classList.toggle('active', other === chat);
  phones.get(chat).attend();
  strip.draw(active, shown);
}

function bringForward(chat) {
  const phone = phones.get(chat);
  if (!shown.includes(chat)) {
    shown = [...shown, chat];
    remember();
  }
  activate(chat);
  layOut();
  phone.thread.toEnd();
  phone.attend();
  strip.reveal(chat);
  if (isNarrow()) return;
  phone.element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'smooth' });
  if (!onTouch()) phone.focus();
}

function hide(chat) {
  shown = shown.filter((other) => other !== chat);
  remember();
  layOut();
  activate(shown[0]);
  phones.get(shown[0]).focus();
}

const remember = () => memory.set(`shown.${bot.id}`, shown.map((chat) => chat.person.id));

function heard(event) {
  if (event.clock) clock.set(event.clock);
  if (event.chat) return heardInGroup(event);
  const chat = chats.find(({ person }) => person.id === event.person);
  if (!chat) return;
  if ('typing' in event) chat.setTyping(event.typing);
  if (event.popup || event.answered) phones.get(chat).answered(event.popup);
  if (event.revision !== undefined && event.revision !== chat.revision) refresh(chat);
}

function heardInGroup({ chat: id, typing, revision }) {
  const there = [...groupChats.values()].filter((chat) => chat.group.id === id);
  if (!there.length) return gather({ news: true }).catch(lost);
  for (const chat of there) {
    if (typing !== undefined) chat.setTyping(typing);
    if (revision !== undefined && revision !== chat.revision) refresh(chat);
  }
}

/** Whatever was missed while nobody was listening is asked for; first where somebody looks. */
async function opened() {
  try {
    await Promise.all(shown.map((chat) => chat.refresh()));
    await Promise.all(chats.filter((chat) => !shown.includes(chat)).map((chat) => chat.refresh()));
    await gather({ news: groupChats.size > 0 });
    await Promise.all([...groupChats.values()].map((chat) => chat.refresh()));
    await clock.read();
    offline(false);
  } catch {
    lost();
  }
}

const refresh = (chat) => chat.refresh().catch(lost);

let retryTimer = 0;
function lost() {
  offline(true);
  clearTimeout(retryTimer);
  retryTimer = setTimeout(opened, RETRY);
}

let offlineTimer = 0;
function offline(isOffline) {
  clearTimeout(offlineTimer);
  // A reload of the page closes the stream too; that is not worth a word.
  if (isOffline) offlineTimer = setTimeout(() => (find('offline').hidden = false), 500);
  else find('offline').hidden = true;
}

async function addPerson() {
  const name = await askName();
  if (!name) return;
  try {
    const person = await api.addPerson(name);
    const chat = new Chat({ roles: [], area: null, ...person, place: chats.length }, api);
    chats.push(chat);
    phones.set(chat, phoneOf(chat));
    strip.fill(chats);
    faults.fill();
    await chat.refresh();
    bringForward(chat);
  } catch (error) {
    failed(error);
  }
}

async function start() {
  try {
    const manuals = await Api.manuals();
    await clock.read();
    const wanted = new URLSearchParams(location.search).get('manual') ?? memory.get('manual');
    const manual = manuals.find(({ id }) => id === wanted) ?? manuals[0];
    manualSelect(manuals, manual.id, (chosen) => open(chosen).catch(failed));
    await open(manual);
    offline(false);
  } catch {
    offline(true);
    setTimeout(start, RETRY);
  }
}

themeControl();
settingsPanel();
find('new-person').prepend(icon('person'));
find('new-person').addEventListener('click', addPerson);
document.addEventListener('visibilitychange', () => !document.hidden && phones.get(active)?.attend());
matchMedia('(max-width: 719.98px)').addEventListener('change', layOut);
// A file dropped beside a phone must not make the browser leave the page.
for (const type of ['dragover', 'drop']) window.addEventListener(type, (event) => event.preventDefault());
start();
