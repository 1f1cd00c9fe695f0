// The desk's one script. Every page works without it; with it, pages change in parts instead of as a whole:
// filters answer while one types, a correction opens inside its card, words and cards point at each other.
"use strict";

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = (words) => { const state = one("#state"); if (state && words) state.textContent = words; };

document.documentElement.classList.add("scripted");

// ---- light and dark -------------------------------------------------------------------------------------------
function setUpTheme() {
  one("#theme")?.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    document.dispatchEvent(new CustomEvent("desk:theme"));
  });
  const keys = one("#keys");
  one("#help")?.addEventListener("click", () => keys.showModal());
}

// ---- parts of a page --------------------------------------------------------------------------------------------
async function pageAt(url, options) {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  const text = await answer.text();
  return { answer, page: new DOMParser().parseFromString(text, "text/html") };
}

function replaceParts(page, selectors) {
  for (const selector of selectors) {
    const now = one(selector), next = one(selector, page);
    if (!now || !next) continue;
    const fresh = document.adoptNode(next);
    now.replaceWith(fresh);
    setUp(fresh);
  }
  if (page.title) document.title = page.title;
}

// A form with data-live answers while it is filled in; the address follows, so that it can be kept or sent.
function setUpLive(root) {
  for (const form of all("form[data-live]", root)) {
    let timer, turn = 0;
    const run = async () => {
      const mine = ++turn;
      const data = new URLSearchParams();
      const outside = all("[form]", form).map((e) => [e.name, e.value]);
      for (const [key, value] of [...new FormData(form), ...outside]) if (String(value).trim()) data.append(key, value);
      const query = data.toString();
      const url = form.getAttribute("action") + (query ? "?" + query : "");
      const parts = form.dataset.live.split(",").map((s) => s.trim());
      parts.forEach((s) => one(s)?.classList.add("busy"));
      try {
        const { page } = await pageAt(url);
        if (mine !== turn) return;
        const active = document.activeElement, kept = active?.name && form.contains(active) ? [active.name, active.value] : null;
        replaceParts(page, parts);
        history.replaceState(null, "", url);
        if (kept && !form.contains(document.activeElement))
          all(`[name="${CSS.escape(kept[0])}"]`, form).find((e) => e.value === kept[1])?.focus();
      } catch (error) { say("The desk does not answer."); }
      parts.forEach((s) => one(s)?.classList.remove("busy"));
    };
    const soon = (wait) => { clearTimeout(timer); timer = setTimeout(run, wait); };
    form.addEventListener("input", (event) => soon(event.target.matches("[type=checkbox], [type=radio], select, [type=date]") ? 10 : 280));
    form.addEventListener("submit", (event) => { event.preventDefault(); soon(0); });
  }
}

// Links inside a live part (sorting, paging) change the part only.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("#table a[rel], #table th a, #list .pages a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const part = link.closest("#table") ? "#table" : "#list";
  one(part).classList.add("busy");
  const { page } = await pageAt(link.href);
  replaceParts(page, [part]);
  history.replaceState(null, "", link.href);
  one(part).scrollIntoView({ block: "nearest" });
});

// ---- the reader: words and cards point at each other ----------------------------------------------------------------
const ROLES = ["trigger", "actor", "recipient", "source", "cue", "date", "place", "dropped"];
const roleOf = (mark, id) => mark.dataset.e.split(" ").map((p) => p.split(":")).find((p) => p[0] === id)?.[1];
const idsOf = (mark) => [...new Set(mark.dataset.e.split(" ").map((p) => p.split(":")[0]))];

function light(ids, scroll) {
  const article = one("#article");
  if (!article) return;
  const wanted = new Set(ids);
  article.classList.toggle("focus", wanted.size > 0);
  for (const mark of all("mark[data-e]", article)) {
    const id = idsOf(mark).find((i) => wanted.has(i));
    const role = id ? roleOf(mark, id) : null;
    mark.dataset.own ??= mark.className.split(" ")[0];
    mark.className = role ? `${role} lit` : mark.dataset.own;
  }
  for (const card of all("[data-card]")) card.classList.toggle("lit", wanted.has(card.dataset.card));
  if (scroll === "text") one("mark.trigger.lit", article)?.scrollIntoView({ block: "center", behavior: "smooth" });
  if (scroll === "card") {
    const card = one(".card.lit"), box = one("#cards");
    if (card && box) box.scrollTo({ top: card.offsetTop - box.offsetTop - 40, behavior: "smooth" });
  }
}

function setUpReader() {
  const article = one("#article"), cards = one("#cards");
  if (!article || !cards) return;
  let pinned = null;
  article.addEventListener("mouseover", (event) => {
    const mark = event.target.closest("mark[data-e]");
    if (mark && !pinned) light(idsOf(mark), "card");
  });
  article.addEventListener("mouseout", () => { if (!pinned) light([]); });
  article.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-e]");
    pinned = mark ? idsOf(mark)[0] : null;
    light(pinned ? [pinned] : [], "card");
  });
  const over = (event) => {
    const card = event.target.closest("[data-card]");
    if (card && !pinned) light([card.dataset.card]);
  };
  cards.addEventListener("mouseover", over);
  cards.addEventListener("focusin", over);
  cards.addEventListener("mouseleave", () => { if (!pinned) light([]); });
  cards.addEventListener("click", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.target.closest("a, button, summary, input, select, textarea, label, form")) return;
    pinned = pinned === card.dataset.card ? null : card.dataset.card;
    light([card.dataset.card], "text");
  });
  const start = location.hash.startsWith("#e-") ? location.hash.slice(3) : null;
  if (start && one(`[data-card="${CSS.escape(start)}"]`)) {
    pinned = start;
    light([start], "text");
    one(`#e-${CSS.escape(start)}`)?.scrollIntoView({ block: "nearest" });
  }
  article.dataset.ready = "1";
}

// A pencil opens its form inside the card; the answer replaces the card and whatever the correction changed.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-fix]");
  const cancel = event.target.closest("[data-cancel]");
  if (cancel?.closest(".card")) {
    event.preventDefault();
    const card = cancel.closest(".card");
    one(".fix-slot", card).replaceChildren();
    card.focus();
    return;
  }
  if (!link || event.metaKey || event.ctrlKey) return;
  const card = link.closest(".card");
  if (!card) return;
  event.preventDefault();
  const { page } = await pageAt(link.href);
  const form = one("#fix-form", page);
  if (!form) { location.href = link.href; return; }
  all(".fix-slot").forEach((slot) => slot.replaceChildren());
  one(".fix-slot", card).replaceChildren(document.adoptNode(form));
  (one("[autofocus]", form) || one("input:not([type=hidden]), select", form))?.focus();
  form.scrollIntoView({ block: "nearest" });
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-into-card]");
  const card = form?.closest(".card");
  if (!form || !card) return;
  event.preventDefault();
  const { answer, page } = await pageAt(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const again = one("#fix-form", page);
  if (again && !answer.ok) { one(".fix-slot", card).replaceChildren(document.adoptNode(again)); return; }
  if (!answer.ok) { say(one(".empty p", page)?.textContent || "That did not work."); return; }
  replaceParts(page, ["#article", "#cards"]);
  history.replaceState(null, "", answer.url);
  setUpReader();
  one(`#e-${CSS.escape(card.dataset.card)}`)?.focus();
  say(one(".flash", page)?.textContent);
});

// ---- charts ------------------------------------------------------------------------------------------------------------
let bundle;
const loadBundle = () => (bundle ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = "/charts.js";
  script.onload = done;
  script.onerror = () => failed(new Error("no charts"));
  document.head.append(script);
}));

function themed() {
  const style = getComputedStyle(document.documentElement), probe = document.createElement("i");
  document.body.append(probe);
  const colour = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
  const ink = colour("--ink"), soft = colour("--soft"), line = colour("--line"), land = colour("--land");
  const found = {
    background: "transparent", font: style.getPropertyValue("--sans").trim() || "sans-serif",
    view: { stroke: "transparent" }, title: { color: ink, fontSize: 13 },
    axis: { labelColor: soft, titleColor: soft, gridColor: line, domainColor: line, tickColor: line },
    legend: { labelColor: ink, titleColor: soft }, header: { labelColor: ink, titleColor: soft },
    text: { color: ink }, mark: { color: colour("--accent") },
  };
  const quads = ["--quad1", "--quad2", "--quad3", "--quad4"].map(colour);
  probe.remove();
  return { config: found, quads, ink, soft, line, land };
}

// "$quad1" and the like inside a specification stand for the colours of this theme.
function coloured(spec, theme) {
  const named = { $ink: theme.ink, $soft: theme.soft, $line: theme.line, $land: theme.land };
  theme.quads.forEach((c, k) => { named[`$quad${k + 1}`] = c; });
  return JSON.parse(JSON.stringify(spec), (_, value) => (typeof value === "string" && named[value]) || value);
}

async function draw(box) {
  box.dataset.state = "loading";
  try {
    const answer = await fetch(box.dataset.chart, { credentials: "same-origin" });
    if (!answer.ok) throw new Error("no chart");
    const spec = await answer.json();
    if (!spec.$schema) { box.dataset.state = "none"; box.textContent = "Nothing to draw."; return; }
    await loadBundle();
    const theme = themed();
    const result = await window.vegaEmbed(box, coloured(spec, theme), {
      ast: true, actions: false, renderer: "svg", defaultStyle: false, config: theme.config,
      tooltip: { disableDefaultStyle: true }, loader: { load: () => Promise.reject(new Error("no other host")) },
    });
    result.view.addEventListener("click", (_, item) => {
      const target = item?.datum?.href;
      if (typeof target !== "string" || !target.startsWith("/")) return;
      if (box.dataset.into) showPart(target, box.dataset.into); else location.href = target;
    });
    box.dataset.state = "drawn";
  } catch (error) {
    box.dataset.state = "none";
    box.textContent = "No chart here: the table below has the figures.";
  }
}

async function showPart(url, selector) {
  one(selector)?.classList.add("busy");
  const { page } = await pageAt(url);
  replaceParts(page, [selector]);
  one(selector)?.classList.remove("busy");
  one(selector)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-into]");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  showPart(link.href, link.dataset.into);
});

document.addEventListener("desk:theme", () => all("[data-chart]").forEach(draw));

// ---- what changes by itself -----------------------------------------------------------------------------------------
// A part with data-refresh (seconds) is fetched again while somebody looks at the page: two people at one review.
function setUpRefresh() {
  for (const part of all("[data-refresh][id]")) {
    setInterval(async () => {
      if (document.hidden) return;
      try { const { answer, page } = await pageAt(location.href); if (answer.ok) replaceParts(page, [`#${part.id}`]); }
      catch (error) { say("The desk does not answer."); }
    }, 1000 * Number(part.dataset.refresh));
  }
  const state = one("#state[data-every]");
  if (state) setInterval(async () => {
    if (document.hidden) return;
    try {
      const now = await (await fetch("/api/store", { credentials: "same-origin" })).json();
      const loading = now.pending ? ` · loading ${now.pending} ${now.pending === 1 ? "shard" : "shards"}` : "";
      say(`${now.name} · ${now.events.toLocaleString("en").replaceAll(",", "\u202f")} events${loading}`);
    } catch (error) { say("The desk does not answer."); }
  }, 1000 * Number(state.dataset.every));
}

// ---- keyboard ----------------------------------------------------------------------------------------------------------
function move(step) {
  const items = all("table.rows tbody tr, #cards .card");
  if (!items.length) return;
  const at = items.findIndex((i) => i.contains(document.activeElement) || i.getAttribute("aria-selected") === "true");
  const next = items[Math.min(items.length - 1, Math.max(0, at + step))];
  items.forEach((i) => i.removeAttribute("aria-selected"));
  if (next.matches("tr")) next.setAttribute("aria-selected", "true");
  (one("a[href]", next.matches("tr") ? next : document.createElement("i")) || next).focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "Escape") {
    const open = one(".fix-slot form");
    if (open) { const card = open.closest(".card"); open.remove(); card.focus(); }
    else if (typing) typing.blur();
    return;
  }
  if (typing || one("dialog[open]")) return;
  const key = event.key;
  if (/^[1-7]$/.test(key)) { const link = one(`.nav a[data-key="${key}"]`); if (link) location.href = link.href; }
  else if (key === "?") one("#keys").showModal();
  else if (key === "/") { event.preventDefault(); one("[data-search]")?.focus(); }
  else if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "e") document.activeElement.closest(".card")?.querySelector("a[data-fix]")?.click();
  else if (key === "x") document.activeElement.closest(".card")?.click();
  else all(`[data-press="${CSS.escape(key)}"]`)[0]?.click();
});

// ---- start -------------------------------------------------------------------------------------------------------------
function setUp(root) {
  all("[data-chart]", root).forEach(draw);
  if (root.matches?.("[data-chart]")) draw(root);
  all("tr[data-href]", root).forEach((row) => row.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, label, summary") || String(getSelection())) return;
    location.href = row.dataset.href;
  }));
}

setUpTheme();
setUpLive(document);
setUpReader();
setUp(document);
setUpRefresh();
if (matchMedia("(max-width: 900px)").matches) all("details.filters").forEach((d) => d.removeAttribute("open"));
