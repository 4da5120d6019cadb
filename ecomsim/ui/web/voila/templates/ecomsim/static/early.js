// Runs before anything is drawn: colours and language as chosen last time, so that nothing flashes or jumps.
(function () {
  const root = document.documentElement;
  // ECharts' SVG renderer first writes width="auto", of which the browser complains, and the pixels right after.
  const write = SVGSVGElement.prototype.setAttribute;
  SVGSVGElement.prototype.setAttribute = function (name, value) { return write.call(this, name, value === "auto" ? "100%" : value); };
  let kept = {};
  try { kept = { theme: localStorage.getItem("ecomsim-theme"), language: localStorage.getItem("ecomsim-language") }; } catch (_) { /* private mode */ }
  if (kept.theme === "light" || kept.theme === "dark") root.dataset.theme = kept.theme;
  const language = kept.language || (/^zh/.test(navigator.language) ? "zh" : "en");
  root.lang = language === "zh" ? "zh-CN" : "en";
  function speak() {
    for (const part of document.querySelectorAll("[data-" + language + "]")) part.textContent = part.dataset[language];
    if (document.querySelector('h1[data-zh="当前使用人数已满。"]')) setTimeout(() => location.reload(), 20000);
  }
  document.addEventListener("DOMContentLoaded", speak);
  new MutationObserver((_, seen) => {
    if (document.querySelector(".es-loading-words")) { seen.disconnect(); speak(); }
  }).observe(root, { childList: true, subtree: true });

  // anywidget gives a widget up whose script has not begun within 2 s; a busy machine takes longer, and the page
  // would stand without its header for good.
  const limit = AbortSignal.timeout;
  AbortSignal.timeout = (ms) => limit.call(AbortSignal, Math.max(ms, 120000));

  // The scripts of the widgets are megabytes: what is there already is painted before they are read. A tab in the
  // background is never painted, so a timer loads them there.
  window.ecomsimLoad = function (source) {
    let begun = false;
    // Voila begins at the page's load event, which is over by then.
    const listen = window.addEventListener;
    window.addEventListener = function (type, act, ...rest) {
      if (type === "load" && document.readyState === "complete") setTimeout(act);
      else listen.call(window, type, act, ...rest);
    };
    const load = () => {
      if (begun) return;
      begun = true;
      const script = document.createElement("script");
      script.src = source;
      document.body.append(script);
    };
    requestAnimationFrame(() => setTimeout(load));
    setTimeout(load, 500);
  };

  // Called with a first answer: it takes the skeleton's place until the widgets are there.
  window.ecomsimFirst = function () {
    const part = (name) => document.querySelector(`.es-first-look[data-part="${name}"]`);
    const place = document.getElementById("es-loading"), look = part(language);
    if (!place || !look) return;
    const style = document.createElement("style");
    style.textContent = part("style").content.textContent;
    place.replaceChildren(style, look.content);
    place.className = "es-first-place";
  };

  // Called when all cells ran: what they drew may be measured now; the skeleton goes when the header is there.
  window.ecomsimShow = function () {
    const cells = document.getElementById("rendered_cells");
    cells.hidden = false;
    const failed = cells.querySelector('[data-mime-type$="stderr"], script[type^="application/vnd.voila"]');
    const drop = () => document.getElementById("es-loading")?.remove();
    // Where numbers are shown already, they stay until the widgets show theirs.
    const drawn = () => !document.querySelector(".es-first-place") || cells.querySelector(".es-fan svg path") !== null || cells.querySelector(".es-box.es-error") !== null;
    const ready = () => cells.querySelector(":not(.es-waiting) > .es-head") !== null && drawn();
    const broken = () => /There was an error when executing cell|"output_type": "error"/.test(failed?.textContent || "");
    if (ready()) return drop();
    if (failed && broken()) return drop();
    const watch = new MutationObserver(() => { if (ready()) { watch.disconnect(); drop(); } });
    watch.observe(cells, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  };
})();
