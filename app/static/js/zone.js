/* select[data-own-zone]: starts with the browser's own time zone. Without this file the server's stays chosen. */
(() => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const select of document.querySelectorAll("select[data-own-zone]")) {
    if ([...select.options].some((option) => option.value === own)) select.value = own;
  }
})();
