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

  // Called when all cells ran: what they drew may be measured now; the skeleton goes when the header is there.
  window.ecomsimShow = function () {
    const cells = document.getElementById("rendered_cells");
    cells.hidden = false;
    const failed = cells.querySelector('[data-mime-type$="stderr"], script[type^="application/vnd.voila"]');
    const drop = () => document.getElementById("es-loading")?.remove();
    const ready = () => cells.querySelector(":not(.es-waiting) > .es-head") !== null;
    const broken = () => /There was an error when executing cell|"output_type": "error"/.test(failed?.textContent || "");
    if (ready()) return drop();
    if (failed && broken()) return drop();
    const watch = new MutationObserver(() => { if (ready()) { watch.disconnect(); drop(); } });
    watch.observe(cells, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  };
})();
