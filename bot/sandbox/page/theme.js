'use strict';
// A plain script in the head, so that a remembered theme is there before the first paint.
(() => {
  try {
    const theme = JSON.parse(localStorage.getItem('oficialia.theme'));
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage can be forbidden; the system's preference then decides.
  }
})();
