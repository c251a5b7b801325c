/* button[data-copy="id"]: copies the text of that field. Where a browser refuses, the text is marked to be copied by hand. */
(() => {
  const ready = (root) => {
    for (const button of root.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      field.focus();
    }
  });
  document.addEventListener("DOMContentLoaded", () => ready(document));
  document.addEventListener("toggle", () => ready(document), true); // upload.js puts a new form in
})();
