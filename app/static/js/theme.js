/* Light or dark. Loaded in <head> without defer, so that the page is never painted in the wrong theme.
   The choice is kept only while it differs from what the system says. */
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const key = "theme";

  const stored = () => {
    try { return localStorage.getItem(key); } catch { return null; } // storage may be switched off
  };
  const keep = (theme) => {
    try {
      if (theme) localStorage.setItem(key, theme);
      else localStorage.removeItem(key);
    } catch { /* then the choice lasts for this page */ }
  };
  const systemTheme = () => (system.matches ? "dark" : "light");
  const shown = () => root.dataset.theme || systemTheme();

  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(shown() === "dark"));
    }
  };

  root.dataset.js = "";
  apply(stored());
  document.addEventListener("DOMContentLoaded", () => apply(stored()));
  system.addEventListener("change", () => apply(stored()));
  addEventListener("storage", (event) => { if (event.key === key) apply(stored()); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = shown() === "dark" ? "light" : "dark";
    keep(next === systemTheme() ? null : next);
    apply(next === systemTheme() ? null : next);
  });
})();
