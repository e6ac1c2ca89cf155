const PATHS = {
  send: 'M4 12 20 4l-5 16-3.5-6.5zM11.5 13.5 20 4',
  attach: 'm19 11-7.6 7.6a4.5 4.5 0 0 1-6.4-6.4l8-8a3 3 0 0 1 4.3 4.3l-7.9 7.8a1.5 1.5 0 0 1-2.1-2.1L14.5 7',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  down: 'm6 9.5 6 6 6-6',
  reply: 'M10 6 4 11.5 10 17v-3.5c5 0 8 1 10 4.5 0-6-3.5-9.5-10-9.5z',
  close: 'm6 6 12 12M18 6 6 18',
  photo: 'M4 6h16v13H4zm0 10 4.5-4.5 3.5 3.5 3-3 5 4.5M15.5 9.5v.01',
  file: 'M6 3h8l4 4v14H6zm8 0v4h4M9 12h6M9 16h6',
  pin: 'M12 21c4-4.5 6.5-7.8 6.5-11a6.5 6.5 0 0 0-13 0c0 3.2 2.5 6.5 6.5 11zm0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  contact: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 9c.5-4.5 3.5-6.5 8-6.5s7.5 2 8 6.5',
  bell: 'M6 16.5c1-1.5 1.5-3 1.5-6a4.5 4.5 0 0 1 9 0c0 3 .5 4.5 1.5 6zM10 19.5c.8 1 3.2 1 4 0',
  muted: 'M6 16.5c1-1.5 1.5-3 1.5-6a4.5 4.5 0 0 1 7-3.7M16.5 11c.1 2.7.6 4.1 1.5 5.5H9M10 19.5c.8 1 3.2 1 4 0M4 4l16 16',
  block: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM6 6l12 12',
  hide: 'M3 12c2.5-4.5 5.5-6.5 9-6.5s6.5 2 9 6.5c-2.5 4.5-5.5 6.5-9 6.5S5.5 16.5 3 12zM4 4l16 16',
  sent: 'm5 12.5 4.5 4.5L19 7.5',
  seen: 'm2.5 12.5 4.2 4.2L15 8M11 16.2l.5.5L20.5 8',
  waiting: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zm0-12.5V12l3 2',
  outward: 'M9 6h9v9M18 6 6 18',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  auto: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zm0-16v16M12 8l5.5-1.5M12 12h8M12 16l5.5 1.5',
  group: 'M8.5 11.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM2.5 19.5c.4-3.6 2.6-5.3 6-5.3s5.6 1.7 6 5.3M15.5 11a2.8 2.8 0 1 0-.6-5.5M16.5 14.2c2.9.1 4.6 1.7 5 4.8',
  person: 'M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 9c.5-4.5 3-6.5 7-6.5 1.6 0 3 .3 4 1M18 13.5v7M14.5 17h7',
  sliders: 'M4 8h9M17 8h3M4 16h3M11 16h9M15 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 18.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
};

const SVG = 'http://www.w3.org/2000/svg';

/** A line drawing that says nothing by itself: the control around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', class: `icon icon-${name}`, 'aria-hidden': 'true', focusable: 'false' })) {
    svg.setAttribute(key, value);
  }
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
