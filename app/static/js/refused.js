/* A form that came back with complaints begins at the first of them: a field, or the sentence about the whole form.
   upload.js, which takes such a form over into the open page: form.dispatchEvent(new CustomEvent("refused", { bubbles: true })). */
(() => {
  const begin = (root) => {
    const place = root.querySelector(".field.invalid :is(input, select, textarea), form [role='alert']");
    if (!place) return false;
    if (place.matches("[role='alert']")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
    (place.closest(".field") || place).scrollIntoView({ block: "nearest" });
    return true;
  };
  document.addEventListener("refused", (event) => begin(event.target) || event.target.querySelector("input, button").focus());
  begin(document);
})();
