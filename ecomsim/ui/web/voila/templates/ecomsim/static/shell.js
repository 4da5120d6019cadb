// The header of a dashboard, and what ipywidgets leaves out: names for slider handles, a drawer for the levers.
const KEPT = { theme: "ecomsim-theme", language: "ecomsim-language" };
const keep = (key, value) => { try { localStorage.setItem(KEPT[key], value); } catch (_) { /* private mode */ } };
const kept = (key) => { try { return localStorage.getItem(KEPT[key]); } catch (_) { return null; } };

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function nameHandles(root) {
  for (const handle of root.querySelectorAll(".noUi-handle")) {
    const widget = handle.closest(".jupyter-widgets");
    const label = widget?.querySelector(".widget-label");
    const name = label?.textContent?.trim() || widget?.getAttribute("title") || widget?.querySelector("[title]")?.getAttribute("title");
    if (name && handle.getAttribute("aria-label") !== name) handle.setAttribute("aria-label", name);
    const readout = widget?.querySelector(".widget-readout");
    const value = readout?.textContent?.trim();
    if (value && handle.getAttribute("aria-valuetext") !== value) handle.setAttribute("aria-valuetext", value);
    if (readout && name && readout.getAttribute("aria-label") !== name) {
      readout.setAttribute("aria-label", name);
      readout.setAttribute("role", "textbox");
    }
  }
}

function watchKernel(words, signal, lost) {
  // A session without a tab is given up after a while, and so is one whose machine slept: say so when it is gone.
  const about = document.getElementById("jupyter-config-data");
  if (!about) return;
  const { baseUrl, kernelId } = JSON.parse(about.textContent);
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`, { signal });
      if (answer.status === 404) lost();
    } catch (_) { if (!signal.aborted) lost(); }
  };
  const timer = setInterval(ask, 60000);
  document.addEventListener("visibilitychange", ask, { signal });
  signal.addEventListener("abort", () => clearInterval(timer));
}

function render({ model, el, signal }) {
  const root = document.documentElement;
  const leaving = signal ?? new AbortController().signal;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const say = (key) => (model.get("words")[key] ?? {})[model.get("language")] ?? "";
  const set = (trait, value) => { if (model.get(trait) !== value) { model.set(trait, value); model.save_changes(); } };
  const page = () => el.closest(".es-page") ?? document.body;

  function theme(choice) {
    if (choice === "system") delete root.dataset.theme; else root.dataset.theme = choice;
    set("scheme", choice === "dark" || (choice === "system" && dark.matches) ? "dark" : "light");
  }
  function drawer(open) {
    document.body.classList.toggle("es-drawer-open", open);
    draw();
    const levers = page().querySelector(".es-levers");
    if (open) levers?.querySelector("button, input, select, [tabindex]")?.focus();
    else el.querySelector(".es-levers-open")?.focus();
  }
  function pair(label, choices, chosen, choose) {
    const group = make("div", { class: "es-pair", role: "group", "aria-label": label });
    for (const [value, text, spoken, lang] of choices) {
      group.append(make("button", {
        type: "button", "data-value": value, "aria-pressed": String(value === chosen), title: spoken ?? text, "aria-label": spoken ?? null, lang: lang ?? null,
        onclick: () => choose(value),
      }, text));
    }
    return group;
  }
  function draw() {
    const focused = el.contains(document.activeElement) ? document.activeElement.dataset.value ?? document.activeElement.className : null;
    const language = model.get("language");
    const name = model.get("name");
    if (document.body.dataset.voila) root.lang = language === "zh" ? "zh-CN" : "en";
    const base = document.body.dataset.baseUrl ?? "";
    const nav = make("nav", { class: "es-nav", "aria-label": say("dashboards") });
    for (const place of model.get("places")) {
      nav.append(make("a", { href: `${base}render/${place}.ipynb`, "aria-current": place === name ? "page" : null }, say(place)));
    }
    const chosen = kept("theme") ?? "system";
    const open = document.body.classList.contains("es-drawer-open");
    const hasLevers = page().querySelector(".es-levers") !== null;
    const answer = model.get("answer");
    const head = make("header", { class: "es-head" },
      make("a", { class: "es-skip", href: "#es-main", onclick: (event) => { event.preventDefault(); page().querySelector(".es-main")?.focus(); } }, say("skip")),
      make("div", { class: "es-bar" },
        make("span", { class: "es-brand" }, say("brand")), nav,
        make("div", { class: "es-switches" },
          pair(say("theme"), [["light", "☀", say("light")], ["dark", "☾", say("dark")], ["system", "◐", say("system")]], chosen,
            (value) => { keep("theme", value); theme(value); draw(); }),
          pair(say("language"), [["en", "English", null, "en"], ["zh", "中文", null, "zh-CN"]], language,
            (value) => { keep("language", value); set("language", value); }),
          make("button", { class: "es-levers-open", type: "button", "aria-expanded": String(open), hidden: !hasLevers, onclick: () => drawer(!open) }, open ? say("close") : say("levers")))),
      make("div", { class: answer ? "es-ask es-answered" : "es-ask" },
        make("h1", {}, model.get("question")), make("p", { class: "es-answer", "aria-live": "polite" }, answer)));
    el.replaceChildren(head);
    if (focused) (el.querySelector(`[data-value="${focused}"]`) ?? el.querySelector(`.${focused.split(" ")[0]}`))?.focus();
  }
  function words() {
    const line = el.querySelector(".es-answer"), ask = el.querySelector(".es-ask");
    el.querySelector("h1").textContent = model.get("question");
    line.textContent = model.get("answer");
    ask.classList.toggle("es-answered", Boolean(model.get("answer")));
  }
  function tidy() {
    nameHandles(page());
    // ECharts names its drawing for screen readers but does not say that it is one.
    for (const chart of page().querySelectorAll("[_echarts_instance_][aria-label]:not([role])")) chart.setAttribute("role", "img");
    const main = page().querySelector(".es-main");
    if (main && main.id !== "es-main") { main.id = "es-main"; main.tabIndex = -1; }
    const levers = page().querySelector(".es-levers");
    if (levers) {
      levers.setAttribute("role", "region"); levers.setAttribute("aria-label", say("levers"));
      const button = el.querySelector(".es-levers-open");
      if (button?.hidden) button.hidden = false;
    }
  }

  theme(kept("theme") ?? "system");
  const wanted = kept("language");
  const waits = wanted && wanted !== model.get("language");
  if (waits) {
    // The page speaks the language of last time before it is shown: Python answers with the question in it.
    const arrived = () => { el.classList.remove("es-waiting"); };
    el.classList.add("es-waiting");
    model.on("change:question", arrived);
    setTimeout(arrived, 3000);
    set("language", wanted);
  }
  draw();
  model.on("change:language change:places change:words", draw);
  model.on("change:question change:answer", words);
  dark.addEventListener("change", () => theme(kept("theme") ?? "system"), { signal: leaving });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("es-drawer-open")) drawer(false);
  }, { signal: leaving });
  let planned = 0;
  const watch = new MutationObserver(() => { if (!planned) planned = requestAnimationFrame(() => { planned = 0; tidy(); }); });
  requestAnimationFrame(() => { tidy(); watch.observe(page(), { childList: true, subtree: true, characterData: true }); });
  watchKernel(say, leaving, () => {
    if (page().querySelector(".es-lost")) return;
    page().prepend(make("div", { class: "es-box es-error es-lost", role: "alert" },
      make("strong", {}, say("lost")), make("p", {}, say("lost_remedy") + " "),
      make("button", { type: "button", onclick: () => location.reload() }, say("reload"))));
  });
  return () => watch.disconnect();
}

export default { render };
