// A roster as a grid: click a cell, or move with the arrows and press Enter, and choose a shift; digits set it at once.
const esc = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]));

function render({ model, el }) {
  el.classList.add("es-grid-host");
  const box = document.createElement("div");
  box.className = "es-scroll es-roster";
  const menu = document.createElement("div");
  menu.className = "es-shift-menu";
  menu.setAttribute("role", "menu");
  menu.hidden = true;
  el.append(box, menu);
  let at = [0, 0];

  const cell = (r, d) => box.querySelector(`td[data-r="${r}"][data-d="${d}"]`);
  const focus = (r, d) => {
    const rows = model.get("rows"), days = model.get("days");
    if (!rows.length || !days.length) return;
    at = [Math.max(0, Math.min(rows.length - 1, r)), Math.max(0, Math.min(days.length - 1, d))];
    box.querySelectorAll('td[tabindex="0"]').forEach((one) => one.setAttribute("tabindex", "-1"));
    const one = cell(...at);
    if (one) { one.setAttribute("tabindex", "0"); one.focus(); }
  };
  const ask = (shift) => {
    close();
    model.send({ kind: "set", row: at[0], day: at[1], shift });
    focus(...at);
  };
  const close = () => { menu.hidden = true; };
  const open = () => {
    const words = model.get("words"), kinds = model.get("kinds"), now = model.get("rows")[at[0]].cells[at[1]];
    const choices = [...kinds.map((kind, i) => [i, kind.name]), [-1, words.off]];
    menu.innerHTML = choices.map(([i, name]) =>
      `<button type="button" role="menuitemradio" aria-checked="${i === now}" data-i="${i}">` +
      `<i class="es-swatch es-shift-${i < 0 ? "off" : i % 6}"></i>${esc(name)}</button>`).join("");
    menu.setAttribute("aria-label", cell(...at).getAttribute("aria-label"));
    menu.hidden = false;
    put();
    (menu.querySelector('[aria-checked="true"]') || menu.firstChild).focus({ preventScroll: true });
  };
  // The menu stays beside its cell while the page or the grid scrolls below it.
  const put = () => {
    if (menu.hidden || !cell(...at)) return;
    const place = cell(...at).getBoundingClientRect(), size = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
    menu.style.top = `${place.bottom + size.height + 8 > innerHeight ? place.top - size.height - 4 : place.bottom + 4}px`;
  };

  menu.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (chosen) ask(Number(chosen.dataset.i));
  });
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.children], i = all.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); close(); focus(...at); }
    else if (event.key === "ArrowDown") { event.preventDefault(); all[(i + 1) % all.length].focus(); }
    else if (event.key === "ArrowUp") { event.preventDefault(); all[(i + all.length - 1) % all.length].focus(); }
    event.stopPropagation();
  });
  menu.addEventListener("focusout", (event) => { if (!menu.contains(event.relatedTarget)) close(); });
  addEventListener("scroll", put, { passive: true, capture: true });

  box.addEventListener("click", (event) => {
    const one = event.target.closest("td[data-r]");
    if (one) { focus(Number(one.dataset.r), Number(one.dataset.d)); open(); }
  });
  box.addEventListener("keydown", (event) => {
    if (!event.target.closest("td[data-r]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const [r, d] = at, last = model.get("days").length - 1, moves = {
      ArrowUp: [r - 1, d], ArrowDown: [r + 1, d], ArrowLeft: [r, d - 1], ArrowRight: [r, d + 1], Home: [r, 0], End: [r, last],
      PageUp: [r - 10, d], PageDown: [r + 10, d],
    };
    if (moves[event.key]) focus(...moves[event.key]);
    else if (event.key === "Enter" || event.key === " ") open();
    else if (event.key === "0" || event.key === "Delete" || event.key === "Backspace") ask(-1);
    else if (/^[1-9]$/.test(event.key) && Number(event.key) <= model.get("kinds").length) ask(Number(event.key) - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function draw() {
    const rows = model.get("rows"), days = model.get("days"), kinds = model.get("kinds"), words = model.get("words");
    const month = days.length > 7, held = box.contains(document.activeElement) && document.activeElement.matches("td");
    const scroll = [box.scrollLeft, box.scrollTop];
    close();
    const heads = days.map((day) =>
      `<th scope="col" role="columnheader" class="${day.weekend ? "es-weekend" : ""}${day.hands ? " es-hands" : ""}" ` +
      `title="${esc(day.name + (day.hands ? " · " + words.hands : ""))}">${esc(day.top)}<br><span>${esc(day.low)}${day.hands ? " ★" : ""}</span></th>`).join("");
    const body = rows.map((row, r) => {
      const cells = row.cells.map((kind, d) => {
        const marks = row.marks[d], away = marks.includes("leave");
        const name = kind < 0 ? (away ? words.leave : words.off) : kinds[kind].name;
        const short = kind < 0 ? (away ? words.leave_short : month ? "·" : words.off) : month ? kinds[kind].short : name;
        const told = marks.filter((mark) => mark !== "leave").map((mark) => ", " + words[mark]).join("");
        const said = `${row.name}, ${days[d].name}: ${name}${told}`;
        return `<td role="gridcell" tabindex="-1" data-r="${r}" data-d="${d}" aria-label="${esc(said)}" title="${esc(said)}" ` +
          `class="es-shift es-shift-${kind < 0 ? "off" : kind % 6}${marks.map((mark) => " es-" + mark).join("")}">${esc(short)}</td>`;
      }).join("");
      return `<tr role="row"><th scope="row" role="rowheader">${esc(row.name)}</th>${cells}</tr>`;
    }).join("");
    box.innerHTML = `<table role="grid" class="es-table${month ? " es-month" : ""}" aria-label="${esc(words.label)}">` +
      `<thead><tr role="row"><th scope="col" role="columnheader">${esc(words.name)}</th>${heads}</tr></thead><tbody>${body}</tbody></table>`;
    [box.scrollLeft, box.scrollTop] = scroll;
    if (rows.length && days.length) {
      at = [Math.min(at[0], rows.length - 1), Math.min(at[1], days.length - 1)];
      if (held) focus(...at); else cell(...at).setAttribute("tabindex", "0");
    }
  }
  model.on("change:rows", draw);
  draw();
  return () => removeEventListener("scroll", put, { capture: true });
}
export default { render };
