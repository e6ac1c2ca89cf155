// One connection tells everything that happens: a browser opens only six to a host, and there can be more phones than that.

const FIRST_PAUSE = 800;
const LONGEST_PAUSE = 8000;

/** @param {{heard: (event: object) => void, opened: () => void, lost: () => void}} listener */
export function listen(address, listener) {
  let source = null;
  let timer = 0;
  let pause = FIRST_PAUSE;

  const open = () => {
    source = new EventSource(address);
    source.onopen = () => {
      pause = FIRST_PAUSE;
      listener.opened();
    };
    source.onmessage = (message) => listener.heard(JSON.parse(message.data));
    source.onerror = () => {
      // The browser's own retries give up after an error answer; ours do not.
      source.close();
      listener.lost();
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };
  const hurry = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    open();
  };

  open();
  window.addEventListener('online', hurry);
  return () => {
    window.removeEventListener('online', hurry);
    clearTimeout(timer);
    source.close();
  };
}
