/* Regions that keep themselves up to date: <section id="board" data-live="/url" data-live-every="1500">.

   200: the element in the answer is morphed into the page, so that focus and scrolling stay. 304: nothing.
   401, 403, 404, 410: it stops. Other errors: it waits longer each time, up to 30 s, and says so. It asks nothing while
   the tab is hidden or the region is paused, and at once when it is seen again. When the new element carries no
   data-live, the work is over. Events on the element: "live:before" and "live:after". */
(() => {
  const LONGEST = 30000;
  const OVER = new Set([401, 403, 404, 410]);
  const regions = new Map(); // id -> state

  const note = (shown) => {
    let line = document.querySelector(".live-note");
    if (!shown) {
      line?.remove();
      return;
    }
    if (line) return;
    line = document.createElement("div");
    line.className = "live-note";
    line.setAttribute("role", "status");
    document.body.append(line);
    line.textContent = document.body.dataset.lost || "";
  };
  const updateNote = () => note([...regions.values()].some((state) => state.failures > 1));

  const elementOf = (state) => document.getElementById(state.id);
  const everyOf = (element) => Math.max(500, Number(element.dataset.liveEvery) || 1500);

  const stop = (state) => {
    clearTimeout(state.timer);
    regions.delete(state.id);
    updateNote();
    syncButtons();
  };

  const later = (state) => {
    const element = elementOf(state);
    if (!element || !element.dataset.live) return stop(state);
    clearTimeout(state.timer);
    if (document.hidden || state.paused) return undefined;
    const every = everyOf(element);
    const wait = state.failures ? Math.min(LONGEST, every * 2 ** state.failures) : every;
    state.timer = setTimeout(() => ask(state), wait * (0.9 + Math.random() * 0.2)); // so that browsers do not march in step
    return undefined;
  };

  // whatever the reader unfolded stays unfolded
  const isOurs = (name, node) => !(name === "open" && node.nodeName === "DETAILS");

  const take = (state, html) => {
    const element = elementOf(state);
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById(state.id);
    if (!element || !fresh) return false;
    element.dispatchEvent(new CustomEvent("live:before", { bubbles: true }));
    Idiomorph.morph(element, document.importNode(fresh, true), { morphStyle: "outerHTML", callbacks: { beforeAttributeUpdated: isOurs } });
    const now = elementOf(state);
    if (globalThis.htmx) htmx.process(now);
    now.dispatchEvent(new CustomEvent("live:after", { bubbles: true }));
    return true;
  };

  const ask = async (state) => {
    const element = elementOf(state);
    if (!element || !element.dataset.live) return stop(state);
    if (state.asking) return undefined;
    state.asking = true;
    try {
      const headers = { Accept: "text/html" };
      if (state.etag) headers["If-None-Match"] = state.etag;
      const answer = await fetch(element.dataset.live, { headers, cache: "no-store", credentials: "same-origin", redirect: "error" });
      if (OVER.has(answer.status)) return stop(state);
      if (answer.status !== 304) {
        if (!answer.ok || !take(state, await answer.text())) throw new Error(String(answer.status));
        state.etag = answer.headers.get("ETag");
      }
      state.failures = 0;
    } catch {
      state.failures += 1;
    } finally {
      state.asking = false;
    }
    updateNote();
    return later(state);
  };

  const find = () => {
    for (const element of document.querySelectorAll("[data-live][id]")) {
      if (regions.has(element.id)) continue;
      const state = { id: element.id, failures: 0, etag: null, timer: 0, paused: false, asking: false };
      regions.set(element.id, state);
      later(state);
    }
    syncButtons();
  };

  const syncButtons = () => {
    for (const button of document.querySelectorAll("[data-live-pause]")) {
      const state = regions.get(button.dataset.livePause);
      button.hidden = !state;
      if (state) button.setAttribute("aria-pressed", String(state.paused));
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-live-pause]");
    const state = button && regions.get(button.dataset.livePause);
    if (!state) return;
    state.paused = !state.paused;
    syncButtons();
    if (state.paused) clearTimeout(state.timer);
    else ask(state);
  });
  document.addEventListener("visibilitychange", () => {
    for (const state of [...regions.values()]) {
      clearTimeout(state.timer);
      if (!document.hidden && !state.paused) ask(state);
    }
  });
  addEventListener("online", () => {
    for (const state of [...regions.values()]) if (state.failures && !state.paused) ask(state);
  });
  document.addEventListener("htmx:afterSettle", find);
  document.addEventListener("live:after", find);
  find();
})();
