/* A row of tabs too wide for a phone starts with the current one in sight. */
for (const current of document.querySelectorAll(".tabs [aria-current]")) {
  const row = current.closest("ul");
  row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
}
