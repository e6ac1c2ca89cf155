// How things that the server knows by an id are said to people.

let titles = {};

/** The municipality's own names for its roles, by id. */
export function callRoles(known) {
  titles = known;
}

const spoken = (id) => titles[id] ?? id;

export function roleAndArea(person) {
  const roles = person.roles.length ? person.roles.map(spoken).join(', ') : 'Sin cargo todavía';
  return person.area ? `${roles} · ${person.area}` : roles;
}

export const firstRole = (person) => (person.roles.length ? spoken(person.roles[0]) : 'Nueva');

export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}

export const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
export const notRead = (count) => `${count} sin leer`;

export const COMMANDS = [
  ['/start', 'Empezar'],
  ['/nueva', 'Nueva solicitud'],
  ['/mis', 'Mis solicitudes'],
  ['/bandeja', 'Lo que espera tu respuesta'],
  ['/buscar', 'Buscar una solicitud'],
  ['/ayuda', 'Ayuda'],
  ['/cancelar', 'Dejar lo que estás haciendo'],
];

/** What a group says of itself. */
export function serviceText(what, who) {
  const names = who.join(', ');
  const texts = {
    group_chat_created: 'Se creó el grupo',
    new_chat_members: `Entró ${names}`,
    left_chat_member: `Salió ${names}`,
    new_chat_title: 'El grupo cambió de nombre',
    migrate_to_chat_id: 'El grupo sigue como supergrupo',
    migrate_from_chat_id: 'El grupo pasó a ser supergrupo',
  };
  return texts[what] ?? 'El grupo cambió';
}
