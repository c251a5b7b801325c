/* Sentences that appear in an open page, menus that close, and what htmx got refused.
   Other scripts: document.dispatchEvent(new CustomEvent("notice", { detail: { text, tone } })). */
(() => {
  const show = (text, tone) => {
    const place = document.getElementById("flashes");
    if (!place || !text) return;
    const flash = document.createElement("div");
    flash.className = `flash ${tone}`;
    flash.setAttribute("role", tone === "error" ? "alert" : "status");
    const words = document.createElement("div");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "quiet compact";
    close.textContent = document.body.dataset.dismiss || "×";
    close.addEventListener("click", () => flash.remove());
    flash.append(words, close);
    place.replaceChildren(flash);
    flash.scrollIntoView({ block: "nearest" });
  };

  /* A refusal is said above the page and swaps nothing, so that the switch that was pressed stays where it is. Only 422 is a
     fragment of its own: a form with its errors. */
  const sentenceOf = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const said = page.querySelector("[data-sentence]") || page.querySelector("main h1") || page.querySelector("h1");
    const isPage = /^\s*<!doctype/i.test(html);
    return said || !isPage ? (said || page.body).textContent.trim().slice(0, 300) : "";
  };

  document.addEventListener("notice", (event) => show(event.detail.text, event.detail.tone || "info"));

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400 || (xhr.status === 422 && !/^\s*<!doctype/i.test(xhr.responseText))) return;
    event.detail.shouldSwap = false;
    show(sentenceOf(xhr.responseText) || document.body.dataset.failed, "error");
  });
  document.addEventListener("htmx:sendError", () => show(document.body.dataset.lost, "error"));

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
