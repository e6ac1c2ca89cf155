// The bot's own time, in the municipality's zone. The page never shows this computer's clock.

let zone = 'America/Mexico_City';
let ahead = 0;
const formats = new Map();

export function setClock(now, newZone) {
  ahead = Date.parse(now) - Date.now();
  if (newZone && newZone !== zone) {
    zone = newZone;
    formats.clear();
  }
}

export const botNow = () => new Date(Date.now() + ahead);

function parts(date, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('es-MX', { timeZone: zone, ...options }));
  return Object.fromEntries(formats.get(key).formatToParts(date).map(({ type, value }) => [type, value.replace('.', '')]));
}

const LONG = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' };
const DIGITS = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

export function hour(date) {
  const { hour: h, minute } = parts(date, DIGITS);
  return `${h}:${minute}`;
}

/** "vie 27 nov 2026" */
export function dayOf(date) {
  const { weekday, day, month, year } = parts(date, LONG);
  return `${weekday} ${day} ${month} ${year}`;
}

export const moment = (date) => `${dayOf(date)}, ${hour(date)}`;

export function dayName(date) {
  const day = dayOf(date);
  if (day === dayOf(botNow())) return 'Hoy';
  if (day === dayOf(new Date(botNow() - 86_400_000))) return 'Ayer';
  return day;
}

/** As an input of type datetime-local wants it. */
export function asLocalInput(date) {
  const { year, month, day, hour: h, minute } = parts(date, DIGITS);
  return `${year}-${month}-${day}T${h}:${minute}`;
}

/** The instant at which clocks in the zone show what was typed; twice, since the offset is that of the answer. */
export function fromLocalInput(text) {
  const wanted = Date.parse(`${text}:00Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) guess += wanted - Date.parse(`${asLocalInput(new Date(guess))}:00Z`);
  return new Date(guess);
}
