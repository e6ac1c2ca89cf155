const FAR_ENOUGH = 56;

/** A finger that draws a bubble to the left answers it; one that moves up or down is only scrolling. */
export function onSwipe(thread, answer) {
  let start = null;
  thread.addEventListener('pointerdown', (event) => {
    const article = event.target.closest('[data-message-id]');
    start = event.pointerType === 'touch' && article ? { article, x: event.clientX, y: event.clientY, far: 0 } : null;
  });
  thread.addEventListener('pointermove', (event) => {
    if (!start) return;
    const dx = event.clientX - start.x;
    if (Math.abs(event.clientY - start.y) > 24) return release();
    start.far = Math.max(0, Math.min(-dx, FAR_ENOUGH + 12));
    start.article.style.setProperty('--drawn', `${-start.far}px`);
  });
  const release = () => {
    start?.article.style.removeProperty('--drawn');
    start = null;
  };
  thread.addEventListener('pointerup', () => {
    if (start?.far >= FAR_ENOUGH) answer(Number(start.article.dataset.messageId));
    release();
  });
  thread.addEventListener('pointercancel', release);
}
