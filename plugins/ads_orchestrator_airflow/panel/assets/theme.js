// Light or dark as Airflow's page around this one is; by itself, as the system is. Runs before the first paint.
(() => {
  const own = document.documentElement;
  const around = () => {
    try {
      return window.parent === window ? null : window.parent.document.documentElement;
    } catch {
      return null; // another origin frames this page: not ours to look at
    }
  };
  const follow = () => {
    const shown = around();
    const theme = ["dark", "light"].find((name) => shown?.classList.contains(name) || shown?.dataset.theme === name);
    if (theme) own.dataset.theme = theme;
  };
  follow();
  const shown = around();
  if (shown) new MutationObserver(follow).observe(shown, { attributes: true, attributeFilter: ["class", "data-theme"] });
})();
