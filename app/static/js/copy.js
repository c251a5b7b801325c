/* button[data-copy="id"]: copies the text of that field or element. Where a browser refuses, the text is marked to be copied by hand. */
(() => {
  const ready = (root) => {
    for (const button of root.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    if (field.select) field.select();
    else getSelection().selectAllChildren(field);
    try {
      await navigator.clipboard.writeText(field.value ?? field.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      if (field.select) field.focus(); // an element stays marked, ready to be copied by hand
    }
  });
  document.addEventListener("DOMContentLoaded", () => ready(document));
  document.addEventListener("htmx:load", (event) => ready(event.target));
  document.addEventListener("toggle", () => ready(document), true); // upload.js puts a new form in
})();
