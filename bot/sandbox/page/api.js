export class Refused extends Error {}
export class Unreachable extends Error {}

/** The sandbox's HTTP interface for one municipality's bot. */
export class Api {
  constructor(manual) {
    this.manual = manual;
  }

  static manuals = () => call('/sandbox/manuals');
  static time = () => call('/sandbox/time');
  static setTime = (change) => call('/sandbox/time', post(change));

  /** With the strangers who came by an earlier visit. */
  roles = () => call(`/sandbox/roles?${this.#query({})}`);
  groups = () => call(`/sandbox/groups?${this.#query()}`);
  people = () => call(`/sandbox/people?${this.#query({ strangers: true })}`);
  addPerson = (name) => call('/sandbox/people', this.#post({ name }));
  /** `there` is `{ chat }`, a group's id, or nothing: the chat with the bot. */
  chat = (id, there, after) => call(`${at(id)}/chat?${this.#query({ ...there, after, wait: 0 })}`);
  say = (id, there, text, replyTo) => call(`${at(id)}/messages`, this.#post({ ...there, text, ...(replyTo ? { reply_to: replyTo } : {}) }));
  press = (id, there, messageId, data) => call(`${at(id)}/presses`, this.#post({ ...there, message_id: messageId, data }));
  shareLocation = (id, there, latitude, longitude) => call(`${at(id)}/locations`, this.#post({ ...there, latitude, longitude }));
  shareContact = (id, there, phone) => call(`${at(id)}/contacts`, this.#post({ ...there, phone }));
  foundGroup = (title, members) => call('/sandbox/groups', this.#post({ title, members }));
  placeBot = (group, by, status) => call(`/sandbox/groups/${group}/bot`, this.#post({ by, status }));
  addMembers = (group, members) => call(`/sandbox/groups/${group}/members`, this.#post({ members }));
  upgrade = (group) => call(`/sandbox/groups/${group}/upgrade`, this.#post({}));
  block = (id, blocked) => call(`${at(id)}/block`, this.#post({ blocked }));
  clearFaults = () => call('/sandbox/faults', { method: 'DELETE' });
  fault = (fault) => call('/sandbox/faults', this.#post(fault));
  streamAddress = () => `/sandbox/stream?${this.#query()}`;

  sendFile(id, there, file, { kind, caption, album }) {
    const form = new FormData();
    form.append('manual', this.manual);
    if (there.chat) form.append('chat', there.chat);
    form.append('kind', kind);
    form.append('caption', caption);
    if (album) form.append('album', album);
    form.append('file', file, file.name);
    return call(`${at(id)}/files`, { method: 'POST', body: form });
  }

  #query = (more = {}) => new URLSearchParams({ manual: this.manual, ...more });
  #post = (body) => post({ manual: this.manual, ...body });
}

const at = (id) => `/sandbox/people/${encodeURIComponent(id)}`;
const post = (body) => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

async function call(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    throw new Unreachable('No hay conexión con el simulador.', { cause: error });
  }
  const body = await response.text();
  let answer = null;
  try {
    answer = body ? JSON.parse(body) : null;
  } catch {
    answer = null;
  }
  if (response.ok) return answer;
  const reason = answer?.error ?? answer?.description ?? answer?.detail;
  if (typeof reason === 'string') throw new Refused(reason);
  throw response.status >= 500
    ? new Unreachable(`El simulador tuvo un error (${response.status}).`)
    : new Refused(`El simulador no aceptó esto (${response.status}).`);
}
