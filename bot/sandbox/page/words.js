// How things that the server knows by an id are said to people.

const ACCENTED = {
  tecnico: 'técnico', tecnica: 'técnica', coordinacion: 'coordinación', direccion: 'dirección', secretaria: 'secretaría', area: 'área',
  comunicacion: 'comunicación', diseno: 'diseño', atencion: 'atención', tecnologias: 'tecnologías', publico: 'público', gestion: 'gestión',
  informacion: 'información', informatica: 'informática', subdireccion: 'subdirección', produccion: 'producción', difusion: 'difusión',
  administracion: 'administración', sindicatura: 'sindicatura', juridico: 'jurídico', fotografo: 'fotógrafo', edicion: 'edición',
  vinculacion: 'vinculación', grafico: 'gráfico', contraloria: 'contraloría', tesoreria: 'tesorería', logistica: 'logística',
};

function spoken(id) {
  const words = id.split(/[_\-\s]+/).map((word) => ACCENTED[word] ?? word).join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

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
  ['/ayuda', 'Ayuda'],
  ['/cancelar', 'Dejar lo que estás haciendo'],
];
