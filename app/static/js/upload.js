/* form[data-upload] with a [data-dropzone]: shows the chosen file, checks its name and size, sends it with a progress bar
   and goes where the server's 303 leads. An answer that holds the form again (422 and others) replaces the form.
   With data-keep (who is at the browser) a form that was sent signed out or too old gets its text back when it is loaded anew.
   All of it is a convenience: the server checks everything again, and the form works without this file. */
(() => {
  const LARGEST_HASHED = 256 * 1024 * 1024;

  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const size = (bytes) => {
    // as the server writes it (web/filters.py)
    const units = ["B", "KB", "MB", "GB", "TB"];
    let value = bytes;
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit += 1; }
    return `${value.toFixed(1).replace(/\.0$/, "")}\u00a0${units[unit]}`;
  };

  const complaint = (zone, file) => {
    const { types, max } = zone.dataset;
    if (!file) return zone.dataset.none;
    const values = { file: file.name, size: size(file.size), types: types.split(",").join(", "), most: size(Number(max)) };
    const name = file.name.toLowerCase();
    if (types && !types.split(",").some((type) => name.endsWith(type.toLowerCase()))) return fill(zone.dataset.wrongType, values);
    if (file.size === 0) return fill(zone.dataset.blank, values);
    if (max && file.size > Number(max)) return fill(zone.dataset.tooLarge, values);
    return "";
  };

  const inputOf = (zone) => zone.querySelector('input[type="file"]');

  const say = (zone, text, link) => {
    const input = inputOf(zone);
    const id = `${input.id}-error`;
    document.getElementById(id)?.remove();
    zone.classList.toggle("invalid", Boolean(text));
    zone.querySelector(".dropzone").classList.toggle("invalid", Boolean(text));
    input.toggleAttribute("aria-invalid", Boolean(text));
    input.setAttribute("aria-describedby", text ? `${input.id}-hint ${id}` : `${input.id}-hint`);
    if (!text) return;
    const error = document.createElement("div");
    error.className = "field-error";
    error.id = id;
    error.setAttribute("role", "alert");
    error.append(text, ...(link ? [" ", document.importNode(link, true)] : []));
    zone.append(error);
  };

  const drawFile = (zone) => {
    const file = inputOf(zone).files[0];
    const chosen = zone.querySelector(".chosen");
    chosen.replaceChildren();
    zone.querySelector(".dropzone").classList.toggle("full", Boolean(file));
    if (file) {
      const weight = document.createElement("span");
      weight.className = "size";
      weight.textContent = size(file.size);
      chosen.append(file.name, weight);
    }
    return file;
  };

  const showFile = (zone) => {
    const file = drawFile(zone);
    const problem = file ? complaint(zone, file) : "";
    say(zone, problem);
    recognise(zone, problem ? undefined : file);
  };

  /* Asks the server whether the team sent this very file before, so that it need not be sent to hear that. A convenience:
     hashing needs a secure page and the whole file in memory, and the server asks again when the file comes. */
  const recognise = async (zone, file) => {
    const place = zone.closest("form").querySelector("[data-same]");
    if (!place) return;
    place.replaceChildren();
    if (!file || !zone.dataset.sameAt || !globalThis.crypto?.subtle || file.size > LARGEST_HASHED) return;
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const answer = await fetch(zone.dataset.sameAt.replace("HASH", hash), { headers: { "HX-Request": "true" } });
      if (answer.status !== 200 || inputOf(zone).files[0] !== file) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...[...page.body.children].map((it) => document.importNode(it, true)));
    } catch {
      // unread or offline: sending it says so
    }
  };

  const putIn = (zone, file) => {
    const box = new DataTransfer();
    box.items.add(file);
    inputOf(zone).files = box.files;
    showFile(zone);
  };

  /* The pasted text as a file, so that it may be as long as one; undefined where there is none. */
  const pastedFile = (form) => {
    const text = form.elements.pasted?.value;
    return text ? new File([text], `pasted${form.elements.pasted_kind.value}`, { type: "text/plain" }) : undefined;
  };

  const draftOf = (form) => `draft of ${new URL(form.action).pathname} by ${form.dataset.keep}`;

  /* What the person wrote, for the time until the form is loaded anew; a file cannot be kept. */
  const keep = (form) => {
    if (!form.dataset.keep) return;
    const written = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && form.elements[name].type !== "hidden");
    sessionStorage.setItem(draftOf(form), JSON.stringify(written));
  };

  const putBack = (form) => {
    const draft = form.dataset.keep && sessionStorage.getItem(draftOf(form));
    if (!draft) return;
    sessionStorage.removeItem(draftOf(form));
    const written = JSON.parse(draft);
    for (const field of form.elements) {
      if (!field.name || ["hidden", "file", "submit"].includes(field.type)) continue;
      const values = written.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) [field.value] = values;
    }
    const zone = form.querySelector("[data-dropzone]");
    if (zone) say(zone, zone.dataset.again);
  };

  const busy = (form, on) => {
    form.toggleAttribute("data-sending", on);
    for (const button of form.querySelectorAll("button")) button.disabled = on;
    const progress = form.querySelector("[data-upload-progress]");
    if (progress) progress.hidden = !on;
  };

  const showProgress = (form, event) => {
    const place = form.querySelector("[data-upload-progress]");
    if (!place || !event.lengthComputable) return;
    const bar = place.querySelector("progress");
    const done = event.loaded >= event.total;
    if (done) bar.removeAttribute("value");
    else bar.value = (event.loaded / event.total) * 100;
    place.querySelector("span").textContent = done ? place.dataset.checking
      : fill(place.dataset.sending, { sent: size(event.loaded), total: size(event.total) });
  };

  /* The page that came back: our form with its errors, or a page with one sentence. */
  const takeAnswer = (form, zone, request) => {
    if (request.status >= 200 && request.status < 300) {
      location.assign(request.responseURL);
      return;
    }
    busy(form, false);
    if (request.status === 400 || request.status === 401) keep(form);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const again = form.id && page.getElementById(form.id);
    if (again) {
      const fresh = document.importNode(again, true);
      const chosen = inputOf(zone).files;
      form.replaceWith(fresh);
      const freshZone = fresh.querySelector("[data-dropzone]");
      if (chosen.length && freshZone) {
        // a page cannot carry a chosen file, this one can
        inputOf(freshZone).files = chosen;
        drawFile(freshZone);
      }
      fresh.dispatchEvent(new CustomEvent("refused", { bubbles: true }));
      return;
    }
    const sentence = page.querySelector("[data-sentence]") || page.querySelector("main h1");
    say(zone, sentence ? sentence.textContent.trim() : document.body.dataset.failed, page.querySelector("main [data-sign-in]"));
  };

  const bodyOf = (form, button) => {
    const body = new FormData(form, button);
    const pasted = pastedFile(form);
    if (isAgain(button)) body.delete("file");
    else if (pasted && !inputOf(form).files[0]) body.set("file", pasted);
    body.delete("pasted");
    return body;
  };

  /* The button that sends a file of the team once more: the server has it. */
  const isAgain = (button) => button?.name === "same_as";

  const send = (form, zone, button) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.upload.addEventListener("progress", (event) => showProgress(form, event));
    request.addEventListener("load", () => takeAnswer(form, zone, request));
    request.addEventListener("error", () => { busy(form, false); say(zone, zone.dataset.broken); });
    const body = bodyOf(form, button); // before the buttons are switched off
    busy(form, true);
    request.send(body);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload]");
    const zone = form && form.querySelector("[data-dropzone]");
    if (!zone) return;
    event.preventDefault();
    if (form.hasAttribute("data-sending")) return;
    const button = event.submitter;
    const problem = isAgain(button) ? "" : complaint(zone, inputOf(zone).files[0] || pastedFile(form));
    say(zone, problem);
    if (problem) inputOf(zone).focus();
    else send(form, zone, button);
  });
  document.addEventListener("change", (event) => {
    const zone = event.target.matches('input[type="file"]') && event.target.closest("[data-dropzone]");
    if (zone) showFile(zone);
  });
  document.addEventListener("paste", (event) => {
    const form = document.querySelector("form[data-upload]");
    const zone = form && form.querySelector("[data-dropzone]");
    if (!zone || form.hasAttribute("data-sending")) return;
    const [file] = event.clipboardData.files;
    if (file) {
      event.preventDefault();
      putIn(zone, file);
      return;
    }
    const field = form.elements.pasted;
    const text = event.clipboardData.getData("text/plain");
    if (!field || !text || event.target.closest("input:not([type=file]), textarea, select")) return;
    event.preventDefault();
    form.querySelector("[data-pasting]").open = true;
    field.value = text;
    field.focus();
  });
  /* Several files at once: a browser takes none, or one of them, without a word. */
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => {
      const zone = event.target.closest?.("[data-dropzone]");
      if (!zone || [...event.dataTransfer.items].filter((it) => it.kind === "file").length < 2) return;
      event.preventDefault();
      if (type === "drop") say(zone, zone.dataset.many);
    });
  }
  for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(type, (event) => event.target.closest?.(".dropzone")?.classList.toggle("over", over));
  }
  for (const form of document.querySelectorAll("form[data-keep]")) putBack(form);
  addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-upload][data-sending]")) busy(form, false); });
})();
