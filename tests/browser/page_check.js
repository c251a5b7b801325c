/* Looks a page over as a reviewer would and returns a list of sentences; an empty list is a good page.
   check(): structure, names, sizes, overflow. contrast(): every text against what lies behind it, in the theme shown. */
(() => {
  const describe = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const name = typeof element.className === "string" && element.className ? `.${element.className.trim().split(/\s+/).join(".")}` : "";
    return `<${element.tagName.toLowerCase()}${id}${name}> “${(element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  };
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const nameOf = (element) => {
    const labelled = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const words = labelled.map((id) => document.getElementById(id)?.textContent || "").join(" ");
    const labels = element.labels ? [...element.labels].map((label) => label.textContent).join(" ") : "";
    const pictures = all("img[alt]", element).map((picture) => picture.alt).join(" ");
    return [words, element.getAttribute("aria-label"), labels, element.innerText || element.textContent, pictures, element.title]
      .map((text) => (text || "").trim()).find(Boolean) || "";
  };

  const structure = () => {
    const found = [];
    const count = (selector, wanted, what) => {
      const number = all(selector).length;
      if (number !== wanted) found.push(`${number} ${what} instead of ${wanted}`);
    };
    count("main", 1, "main");
    count("body > header", 1, "header of the page");
    count("body > footer", 1, "footer of the page");
    count("h1", 1, "h1");
    if (!document.documentElement.lang) found.push("the page does not say its language");
    if (!document.title.trim()) found.push("the page has no title");
    let level = 0;
    for (const heading of all("h1, h2, h3, h4, h5, h6").filter((it) => !it.closest(".prose"))) {
      const own = Number(heading.tagName[1]);
      if (level && own > level + 1) found.push(`h${level} is followed by ${describe(heading)}`);
      level = own;
    }
    const ids = all("[id]").map((element) => element.id);
    for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) found.push(`the id ${id} is used twice`);
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      for (const element of all(`[${attribute}]`)) {
        for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
          if (!document.getElementById(id)) found.push(`${describe(element)}: ${attribute} names ${id}, which is not there`);
        }
      }
    }
    for (const element of all("[tabindex]")) if (element.tabIndex > 0) found.push(`${describe(element)} changes the order of Tab`);
    return found;
  };

  const names = () => {
    const found = [];
    for (const picture of all("img")) if (!picture.hasAttribute("alt")) found.push(`${describe(picture)} has no alt`);
    for (const picture of all("svg")) {
      if (picture.getAttribute("aria-hidden") !== "true" && !nameOf(picture)) found.push(`${describe(picture)} is neither hidden nor named`);
    }
    const controls = "a[href], button, summary, select, textarea, input:not([type=hidden]), [role=region], [role=switch], nav, table, fieldset, progress";
    // .prose is the host's own text
    for (const element of all(controls).filter((it) => !it.closest(".prose, [hidden]"))) {
      const named = element.matches("table") ? element.caption || element.closest("[aria-label], [aria-labelledby]") || nameless(element)
        : element.matches("nav") && all("nav").length === 1 ? true
          : element.matches("fieldset") ? element.querySelector("legend") : nameOf(element);
      if (!named) found.push(`${describe(element)} has no name`);
    }
    for (const element of all("div.table-wrap, pre.log").filter((it) => it.scrollWidth > it.clientWidth)) {
      if (element.tabIndex < 0) found.push(`${describe(element)} scrolls but cannot be reached by key`);
    }
    return found;
  };
  const nameless = (element) => (element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") ? element : null);

  const sizes = () => {
    const found = [];
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) {
      const guilty = all("body *").filter((element) => element.getBoundingClientRect().right > innerWidth + 1
        && !element.closest(".table-wrap, .tabs, .log, .excerpt, .pills, pre"));
      found.push(`the page is ${wide} px wider than the screen: ${guilty.slice(0, 3).map(describe).join(", ")}`);
    }
    for (const element of all("button, .button, [role=switch], select, summary").filter(isSeen)) {
      const box = element.getBoundingClientRect();
      if (box.width < 24 || box.height < 24) found.push(`${describe(element)} is ${box.width.toFixed()}×${box.height.toFixed()} px, less than 24×24`);
    }
    return found;
  };

  const painter = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const colour = (text) => {
    if (!known.has(text)) {
      painter.clearRect(0, 0, 1, 1);
      painter.fillStyle = text;
      painter.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = painter.getImageData(0, 0, 1, 1).data;
      known.set(text, [red, green, blue, alpha / 255]);
    }
    return known.get(text);
  };
  const over = (top, under) => [0, 1, 2].map((part) => top[part] * top[3] + under[part] * (1 - top[3])).concat(1);
  const backgroundOf = (element) => {
    const layers = [];
    for (let it = element; it; it = it.parentElement) {
      const layer = colour(getComputedStyle(it).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    const canvas = colour(getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff");
    return layers.reverse().reduce((under, top) => over(top, under), canvas);
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  /* WCAG 2.2, 1.4.3: 4.5, or 3 for text of 24 px, or of 18.66 px in bold. */
  const contrast = () => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || !isSeen(element)) continue;
      if (element.closest(".visually-hidden, :disabled, svg, option, .skip")) continue;
      const style = getComputedStyle(element);
      const under = backgroundOf(element);
      const text = over(colour(style.color), under);
      const size = parseFloat(style.fontSize);
      const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      const reached = ratio(text, under);
      if (reached < wanted) found.add(`${describe(element)} has a contrast of ${reached.toFixed(2)} instead of ${wanted}`);
    }
    return [...found];
  };

  // a colour on its way to another theme is not yet the colour
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];

  globalThis.pageCheck = { check: () => [...structure(), ...names(), ...sizes()], sizes, contrast };
})();
