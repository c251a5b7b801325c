/* The board after a live update: rows slide to their new places, changed rows are washed for some seconds, and one
   polite sentence says what happened. A dot stays with every row that changed since the page was opened. A row is a <tr id>, its place in .rank, its team in .name, its
   scores in .metric. */
(() => {
  const MOVES_SAID = 2;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let before = null;

  const boardOf = (event) => (event.target.matches("[data-board]") ? event.target : event.target.querySelector("[data-board]"));
  const rowsOf = (board) => [...board.querySelectorAll("tbody tr[id]")];
  const wordsOf = (row, part) => row.querySelector(part)?.textContent.trim() ?? "";
  const scoresOf = (row) => [...row.querySelectorAll(".metric")].map((cell) => cell.textContent.trim()).join("|");

  const look = (board) => new Map(rowsOf(board).map((row) => [row.id, {
    top: row.offsetTop, rank: wordsOf(row, ".rank"), scores: scoresOf(row),
  }]));

  const slide = (row, from) => {
    if (still.matches || from === 0) return;
    const over = from > 0 ? { position: "relative", zIndex: 2 } : {}; // who rises passes in front
    row.animate([{ transform: `translateY(${from}px)`, ...over }, { transform: "none", ...over }],
      { duration: 650, easing: "cubic-bezier(0.22, 0.8, 0.24, 1)" });
  };
  const appear = (row) => {
    if (still.matches) return;
    row.animate([{ opacity: 0, transform: "translateY(-0.5rem)" }, { opacity: 1, transform: "none" }], { duration: 450, easing: "ease-out" });
  };
  const wash = (row) => {
    row.classList.remove("changed");
    void row.offsetWidth; // starts the animation anew when the row changes twice in a row
    row.classList.add("changed");
    setTimeout(() => row.classList.remove("changed"), 5200);
  };

  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const sentence = (board, changes) => {
    const up = changes.filter((change) => !change.old || Number(change.now) < Number(change.old));
    const said = up.slice(0, MOVES_SAID).map((change) =>
      fill(change.old ? board.dataset.moved : board.dataset.entered, { team: change.name, old: change.old, new: change.now }));
    const rest = up.length - said.length;
    if (rest > 0) said.push(fill(board.dataset.more, { count: rest }));
    return said.join(" ");
  };

  const announce = (text) => {
    const place = document.getElementById("announcer");
    if (place && text) place.textContent = text;
  };

  const stateOf = (row) => `${wordsOf(row, ".rank")}|${scoresOf(row)}`;
  const states = (board) => new Map(rowsOf(board).map((row) => [row.id, stateOf(row)]));
  const first = document.querySelector("[data-board]");
  let opened = first && states(first);

  // the answer of the server knows nothing of this page, so the dots are set anew after each update
  const keepMarks = (board) => {
    opened ??= new Map();
    let count = 0;
    for (const row of rowsOf(board)) {
      const isNew = opened.get(row.id) !== stateOf(row);
      row.classList.toggle("since-open", isNew);
      if (isNew) count += 1;
    }
    const note = document.querySelector("[data-board-note]");
    if (!note) return;
    note.hidden = count === 0;
    note.textContent = fill(note.dataset.boardNote, { count });
  };

  document.addEventListener("live:before", (event) => {
    const board = boardOf(event);
    before = board && look(board);
  });

  document.addEventListener("live:after", (event) => {
    const board = boardOf(event);
    if (board) keepMarks(board);
    if (!board || !before) return;
    const known = before;
    before = null;
    const changes = [];
    for (const row of rowsOf(board)) {
      const was = known.get(row.id);
      const rank = wordsOf(row, ".rank");
      const name = wordsOf(row, ".name");
      if (!was) {
        appear(row);
        wash(row);
        changes.push({ name, old: null, now: rank });
        continue;
      }
      slide(row, was.top - row.offsetTop);
      if (was.scores !== scoresOf(row)) wash(row);
      if (was.rank !== rank) changes.push({ name, old: was.rank, now: rank });
    }
    announce(sentence(board, changes));
  });
})();
