// Makes the server's pages live. Every word comes from the server; without this file all still works.
"use strict";

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
root.dataset.js = "";

/* ---- Bringing a page up to date without losing focus, selection or scroll ---- */

function morph(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open" && name !== "aria-busy") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const typedIn = old === document.activeElement && old.matches("input, select, textarea");
  if (!typedIn) morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const named = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let current = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const kept = wanted.id && named.get(wanted.id);
    if (kept && kept !== current) {
      old.insertBefore(kept, current);
      current = kept;
    }
    if (current && current.nodeName === wanted.nodeName && (current.id || "") === (wanted.id || "")) {
      if (wanted.nodeType === Node.ELEMENT_NODE) morph(current, wanted);
      else if (current.nodeValue !== wanted.nodeValue) current.nodeValue = wanted.nodeValue;
      current = current.nextSibling;
    } else {
      old.insertBefore(document.importNode(wanted, true), current);
    }
  }
  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
  }
}

async function fetchPage(url, options = {}) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, ...options });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function announce(text) {
  const region = byId("announce");
  region.textContent = text;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => { region.textContent = ""; }, 8000);
}

function update(page) {
  const fresh = page.getElementById("main");
  if (!fresh) return;
  const verdict = byId("overall")?.textContent;
  fresh.querySelector(".notice")?.remove();
  morphChildren(byId("main"), fresh);
  const rendered = page.querySelector("#rendered time");
  morph(document.querySelector("#rendered time"), rendered);
  skew = Date.parse(rendered.dateTime) - Date.now();
  const now = byId("overall")?.textContent;
  if (verdict && now && verdict !== now) announce(now);
  tick();
}

/* ---- Live updates ---- */

const liveButton = byId("live");
const isLive = () => liveButton.getAttribute("aria-pressed") === "true" && !document.hidden;
let source = null;
let pending = null;
let lastLoad = 0;

function lost(isLost) {
  const words = isLost ? byId("connection").dataset.lost : "";
  if (byId("connection").textContent !== words) byId("connection").textContent = words;
}

function changed() {
  if (pending || !("live" in byId("main").dataset)) return;
  const wait = Math.max(150, lastLoad + 700 - Date.now());
  pending = setTimeout(async () => {
    lastLoad = Date.now();
    try {
      update(await fetchPage(location.href));
    } catch {
      lost(true);
    }
    pending = null;
  }, wait);
}

function listen() {
  source?.close();
  source = null;
  if (!isLive() || !("live" in byId("main").dataset)) return;
  source = new EventSource("/__runner__/events");
  source.onopen = () => lost(false);
  source.onerror = () => lost(true);
  for (const topic of ["services", "schedules", "queues", "event"]) source.addEventListener(topic, changed);
}

function poll() {
  const dialog = byId("dialog");
  if (!isLive()) return;
  if (dialog.open) {
    if (view.refresh) showInDialog(view.url, true);
  } else if (byId("main").dataset.refresh) {
    follow(byId("main"), async () => update(await fetchPage(location.href)));
  }
}

async function follow(container, work) {
  const box = container.querySelector("[data-follow]");
  const atEnd = !box || box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  try {
    await work();
    lost(false);
  } catch {
    lost(true);
  }
  const after = container.querySelector("[data-follow]");
  if (after && atEnd) after.scrollTop = after.scrollHeight;
}

liveButton.addEventListener("click", () => {
  liveButton.setAttribute("aria-pressed", String(liveButton.getAttribute("aria-pressed") !== "true"));
  listen();
  followLog();
  if (isLive()) changed();
});
document.addEventListener("visibilitychange", () => {
  listen();
  followLog();
  if (isLive() && source) changed();
});

/* ---- Following a log ---- */

const MOST_LINES = 2000;
const TONES = { ERROR: "bad", WARN: "warn" };
let tail = null;

function clock(at, timeZone) {
  return at.toLocaleTimeString("en-GB", { timeZone });
}

function addLine(list, line) {
  const item = document.createElement("li");
  item.id = `line-${line.sequence}`;
  item.className = TONES[line.level] || "calm";
  const at = new Date(line.at);
  const time = document.createElement("time");
  time.dateTime = line.at;
  time.title = at.toLocaleString(root.lang, { timeZone: list.dataset.zone });
  time.textContent = clock(at, list.dataset.zone);
  item.append(time);
  for (const [name, text, tag] of [["who", `r${line.runner}`, "span"], ["level", line.level, "span"], ["text", line.text, "bdi"]]) {
    const part = document.createElement(tag);
    part.className = name;
    part.textContent = text;
    item.append(" ", part);
  }
  list.append(item);
  while (list.children.length > MOST_LINES) list.firstElementChild.remove();
}

function followLog() {
  tail?.close();
  tail = null;
  const dialog = byId("dialog");
  const container = dialog.open ? dialog : byId("main");
  const list = container.querySelector("ol[data-source]");
  const button = container.querySelector("[data-follow-button]");
  if (!list || !isLive() || button?.getAttribute("aria-pressed") === "false") return;
  const box = list.closest("[data-follow]");
  tail = new EventSource(list.dataset.source.replace(/after=\d+/, `after=${list.dataset.last || list.dataset.source.match(/after=(\d+)/)[1]}`));
  tail.onopen = () => lost(false);
  tail.onerror = () => lost(true);
  tail.addEventListener("line", (event) => {
    const line = JSON.parse(event.data);
    if (byId(`line-${line.sequence}`)) return;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    box.querySelector("[data-none]")?.remove();
    addLine(list, line);
    list.dataset.last = line.sequence;
    if (atEnd) box.scrollTop = box.scrollHeight;
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-follow-button]");
  if (!button) return;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  followLog();
});

/* ---- Relative times ---- */

function span(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

// The server's clock counts, not that of the browser.
let skew = Date.parse(document.querySelector("#rendered time").dateTime) - Date.now();

function tick() {
  const { ago, in: ahead, now } = document.body.dataset;
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const seconds = Math.trunc((Date.now() + skew - Date.parse(time.dateTime)) / 1000);
    const isDue = time.dataset.relative === "due" && seconds >= 0;
    const words = isDue ? now : (seconds < 0 ? ahead : ago).replace("%", span(Math.abs(seconds)));
    if (time.textContent !== words) time.textContent = words;
  }
}

/* ---- Details in a dialog ---- */

const view = { url: "", refresh: false };

async function showInDialog(url, isRefresh) {
  const content = byId("dialog-content");
  await follow(content, async () => {
    const page = await fetchPage(url);
    const main = page.getElementById("main");
    if (isRefresh && view.url !== url) return;
    view.url = url;
    view.refresh = Boolean(main.dataset.refresh);
    main.querySelector("h1").id = "dialog-title";
    morphChildren(content, main);
    tick();
  });
  const dialog = byId("dialog");
  if (!dialog.open && !isRefresh) {
    dialog.removeAttribute("aria-label");
    dialog.setAttribute("aria-labelledby", "dialog-title");
    dialog.showModal();
    const lines = content.querySelector("[data-follow]");
    if (lines) lines.scrollTop = lines.scrollHeight;
  }
  if (!isRefresh) followLog();
}

byId("dialog").addEventListener("close", () => {
  view.url = "";
  view.refresh = false;
  byId("dialog-content").replaceChildren();
  followLog();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  showInDialog(link.href, false);
});

/* ---- Forms ---- */

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const inDialog = form.matches("dialog form[data-in-dialog]");
  if (inDialog) {
    event.preventDefault();
    showInDialog(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, false);
    return;
  }
  if (form.method !== "post") return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const page = await fetchPage(form.action, { method: "POST" });
    const notice = page.getElementById("notice");
    if (page.querySelector("[data-live]")) update(await fetchPage(location.href));
    if (notice) announce(notice.textContent);
  } catch {
    lost(true);
  }
  button.removeAttribute("aria-busy");
});

byId("filter")?.addEventListener("input", (event) => {
  const url = new URL(location.href);
  if (event.target.value) url.searchParams.set("q", event.target.value);
  else url.searchParams.delete("q");
  history.replaceState(null, "", url);
  changed();
});

/* ---- Start ---- */

const lines = document.querySelector("[data-follow]");
if (lines) lines.scrollTop = lines.scrollHeight;
setInterval(tick, 1000);
setInterval(poll, 2000);
listen();
followLog();
