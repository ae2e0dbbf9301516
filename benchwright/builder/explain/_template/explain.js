"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const told = byId("told");
  /* Everything comes from the document as text: what a paper prints cannot become markup. */
  const tell = (block) => {
    const title = block.querySelector("title").textContent;
    const tag = block.querySelector("text").textContent;
    byId("told-tag").textContent = `${tag} (${block.dataset.kind})`;
    byId("told-why").textContent = block.dataset.why;
    byId("told-text").textContent = title.startsWith(`${tag}: `) ? title.slice(tag.length + 2) : "";
    told.hidden = false;
  };
  const style = document.createElement("style");
  document.head.append(style);
  byId("kinds").addEventListener("change", () => {
    const off = [...byId("kinds").querySelectorAll("input:not(:checked)")].map((box) => `.blocks .b.${box.value}`);
    style.textContent = off.length ? `${off.join(", ")} { display: none; }` : "";
    for (const svg of document.querySelectorAll(".blocks")) enter(svg, shown(svg)[0]);
  });
  const shown = (svg) => {
    const off = new Set([...byId("kinds").querySelectorAll("input:not(:checked)")].map((box) => box.value));
    return [...svg.querySelectorAll(".b")].filter((block) => !off.has(block.dataset.kind));
  };
  const enter = (svg, block) => {
    for (const other of svg.querySelectorAll('[tabindex="0"]')) other.setAttribute("tabindex", "-1");
    if (block) block.setAttribute("tabindex", "0");
  };
  const steps = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1};
  for (const svg of document.querySelectorAll(".blocks")) {
    svg.addEventListener("mouseover", (event) => {
      const block = event.target.closest(".b");
      if (block) tell(block);
    });
    svg.addEventListener("focusin", (event) => {
      const block = event.target.closest(".b");
      if (block) tell(block);
    });
    svg.addEventListener("click", (event) => {
      const block = event.target.closest(".b");
      if (!block) return;
      enter(svg, block);
      block.focus({preventScroll: true});
    });
    svg.addEventListener("keydown", (event) => {
      if (event.key === "Escape") told.hidden = true;
      const all = shown(svg);
      const at = all.indexOf(event.target.closest(".b"));
      const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : at + (steps[event.key] ?? NaN);
      if (at < 0 || !all[to]) return;
      event.preventDefault();
      enter(svg, all[to]);
      all[to].focus();
    });
  }
})();
