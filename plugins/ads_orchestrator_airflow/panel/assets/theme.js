// Follows the theme of Airflow's page around the frame, without a frame the system's. Runs before the first paint.
(() => {
  const root = document.documentElement;
  const parentRoot = () => {
    try {
      return window.parent === window ? null : window.parent.document.documentElement;
    } catch {
      return null; // framed by another origin
    }
  };
  const follow = () => {
    const shown = parentRoot();
    const theme = ["dark", "light"].find((name) => shown?.classList.contains(name) || shown?.dataset.theme === name);
    if (theme) root.dataset.theme = theme;
  };
  follow();
  const shown = parentRoot();
  if (shown) new MutationObserver(follow).observe(shown, { attributes: true, attributeFilter: ["class", "data-theme"] });
})();
