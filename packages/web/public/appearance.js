// Runs before the first paint, so that a reader who chose dark never sees a white flash.
// A file and not an inline script: the content security policy allows no inline code.
(() => {
  const root = document.documentElement;
  try {
    const stored = JSON.parse(localStorage.getItem('bailiwick.appearance') ?? '{}');
    if (stored.theme === 'light' || stored.theme === 'dark') root.dataset.theme = stored.theme;
    if (['compact', 'regular', 'roomy'].includes(stored.density)) root.dataset.density = stored.density;
  } catch {
    // Storage can be switched off; the system's own choice then holds.
  }
})();
