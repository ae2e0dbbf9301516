"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const STEP = 200;
  const [CODE, SEVERITY, SCOPE, SUBJECT, ITEM, LANGUAGE, FIELD, MESSAGE, EVIDENCE, SPANS, WAIVED] = Array(11).keys();
  const byId = (id) => document.getElementById(id);

  /* Everything that comes from data is set as text: nothing in an item can become markup. */
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "class") element.className = value;
      else if (name === "onclick") element.addEventListener("click", value);
      else if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    for (const child of children) if (child !== null && child !== undefined) element.append(child);
    return element;
  };
  const badge = (severity, waived) => make("span", {class: `badge ${severity}${waived ? " waived" : ""}`}, severity);
  const link = (id) => `#item=${encodeURIComponent(id)}`;

  /* A table that draws its rows a step at a time. */
  const lazyTable = (table, button, count, draw, noun) => {
    let rows = [];
    let drawn = 0;
    const body = table.tBodies[0];
    const more = () => {
      const part = document.createDocumentFragment();
      for (const end = Math.min(drawn + STEP, rows.length); drawn < end; drawn += 1) part.append(draw(rows[drawn]));
      body.append(part);
      button.hidden = drawn >= rows.length;
    };
    button.addEventListener("click", more);
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more()).observe(button);
    return {
      rows: () => rows,
      set(next, total) {
        rows = next;
        drawn = 0;
        body.replaceChildren();
        more();
        count.textContent = rows.length === total ? `${total} ${noun}` : `${rows.length} of ${total} ${noun}`;
      },
    };
  };
  const haystacks = (list, columns) => {
    const cache = new Array(list.length);
    return (index) => (cache[index] ??= columns.map((column) => list[index][column] ?? "").join("\n").toLowerCase());
  };
  const later = (run) => {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(run, 120);
    };
  };

  /* Findings. */
  const findings = data.findings;
  const isItem = (row) => row[SCOPE] === "item" || row[SCOPE] === "pair";
  const subjectCell = (row) => {
    if (isItem(row) || (row[SCOPE] === "group" && itemsOf(row).length)) {
      const open = () => openItem(isItem(row) ? row[ITEM] : itemsOf(row)[0], table.rows());
      return make("td", {}, make("button", {type: "button", class: "subject", onclick: open}, row[SUBJECT]));
    }
    return make("td", {}, row[SUBJECT]);
  };
  const groups = new Map();
  for (const id of Object.keys(data.items)) {
    const group = id.slice(0, id.lastIndexOf("@"));
    groups.set(group, [...(groups.get(group) || []), id]);
  }
  const itemsOf = (row) => (isItem(row) ? [row[ITEM]] : row[SCOPE] === "group" ? groups.get(row[SUBJECT]) || [] : []);
  const drawFinding = (row) =>
    make(
      "tr",
      {},
      make("td", {}, badge(row[SEVERITY], row[WAIVED])),
      make("td", {title: data.titles[row[CODE]] || null}, row[CODE]),
      subjectCell(row),
      make("td", {}, row[FIELD] ?? ""),
      make("td", {}, row[MESSAGE]),
      make("td", {dir: "auto"}, row[EVIDENCE] ?? ""),
    );
  const table = lazyTable(byId("t-findings"), byId("more-findings"), byId("f-count"), drawFinding, "findings");
  const findingText = haystacks(findings, [SUBJECT, MESSAGE, EVIDENCE, FIELD, CODE]);
  const fill = (select, values) => select.append(...values.map((value) => make("option", {value}, value)));
  fill(byId("f-code"), [...new Set(findings.map((row) => row[CODE]))].sort());
  fill(byId("f-language"), [...new Set(findings.map((row) => row[LANGUAGE]).filter(Boolean))].sort());
  const filter = () => {
    const severity = byId("f-severity").value;
    const code = byId("f-code").value;
    const language = byId("f-language").value;
    const state = byId("f-waived").value;
    const words = byId("f-text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = findings.filter(
      (row, index) =>
        (!severity || row[SEVERITY] === severity) &&
        (!code || row[CODE] === code) &&
        (!language || row[LANGUAGE] === language) &&
        (!state || row[WAIVED] === (state === "waived")) &&
        words.every((word) => findingText(index).includes(word)),
    );
    table.set(kept, findings.length);
  };
  for (const id of ["f-severity", "f-code", "f-language", "f-waived"]) byId(id).addEventListener("change", filter);
  byId("f-text").addEventListener("input", later(filter));
  for (const form of document.querySelectorAll("form")) form.addEventListener("submit", (event) => event.preventDefault());
  for (const anchor of document.querySelectorAll("a[data-code]")) {
    anchor.addEventListener("click", () => {
      byId("f-code").value = anchor.dataset.code;
      byId("f-language").value = anchor.dataset.language || "";
      byId("f-waived").value = anchor.dataset.language ? "open" : "";
      filter();
    });
  }
  filter();

  /* What is selected, as a file. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
  const COLUMNS = {severity: SEVERITY, code: CODE, scope: SCOPE, subject: SUBJECT, language: LANGUAGE, field: FIELD, message: MESSAGE, evidence: EVIDENCE, waived: WAIVED};
  const save = (name, type, text) => {
    const address = URL.createObjectURL(new Blob([text], {type}));
    const anchor = make("a", {href: address, download: name});
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  const csvCell = (value) => {
    const text = String(value ?? "");
    return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  const csvOf = (rows) =>
    [Object.keys(COLUMNS).join(","), ...rows.map((row) => Object.values(COLUMNS).map((column) => csvCell(row[column])).join(","))].join("\r\n");
  const jsonOf = (rows) =>
    JSON.stringify(rows.map((row) => Object.fromEntries(Object.entries(COLUMNS).map(([name, column]) => [name, row[column]]))), null, 1);
  byId("save-csv").addEventListener("click", () => save("findings.csv", "text/csv", csvOf(table.rows())));
  byId("save-json").addEventListener("click", () => save("findings.json", "application/json", jsonOf(table.rows())));

  /* Rejects. */
  if (byId("t-rejects")) {
    const rejects = data.rejects;
    const cell = (value, name) => make("td", {class: name || "", dir: name ? null : "auto"}, value === null ? "" : String(value));
    const drawReject = ([file, page, number, reason, detail, text]) =>
      make("tr", {}, make("th", {scope: "row"}, file), cell(page, "n"), cell(number), cell(reason), cell(detail), cell(text));
    const list = lazyTable(byId("t-rejects"), byId("more-rejects"), byId("r-count"), drawReject, "rejects");
    const rejectText = haystacks(rejects, [0, 1, 2, 3, 4, 5]);
    const sift = () => {
      const words = byId("r-text").value.toLowerCase().split(/\s+/).filter(Boolean);
      list.set(rejects.filter((row, index) => words.every((word) => rejectText(index).includes(word))), rejects.length);
    };
    byId("r-text").addEventListener("input", later(sift));
    sift();
  }

  /* One item. Spans count code points, JavaScript counts UTF-16 units: texts are cut as lists of code points. */
  const marked = (text, spans) => {
    const points = Array.from(text);
    const parts = document.createDocumentFragment();
    let at = 0;
    for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
      if (start < at || end > points.length) continue;
      parts.append(points.slice(at, start).join(""), make("mark", {}, points.slice(start, end).join("")));
      at = end;
    }
    parts.append(points.slice(at).join(""));
    return parts;
  };
  /* Tokens of one text that the other lacks are underlined: numbers between languages, all words within one. */
  const lacking = (text, other, pattern) => {
    const there = new Map();
    for (const [token] of other.matchAll(pattern)) there.set(token.toLowerCase(), (there.get(token.toLowerCase()) || 0) + 1);
    const parts = document.createDocumentFragment();
    let at = 0;
    for (const found of text.matchAll(pattern)) {
      const token = found[0].toLowerCase();
      const left = there.get(token) || 0;
      if (left) {
        there.set(token, left - 1);
        continue;
      }
      parts.append(text.slice(at, found.index), make("u", {title: "not on the other side"}, found[0]));
      at = found.index + found[0].length;
    }
    parts.append(text.slice(at));
    return parts;
  };
  const differing = (text, other) => lacking(text, other, /[\p{L}\p{M}\p{N}]+/gu);
  const numbered = (text, other) => lacking(text, other, /\d+(?:[.,]\d+)*/g);
  /* A text without any right-to-left letter, as 10 mg/kg in an Arabic item, keeps its own direction. */
  const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  const heading = (text) => make("h3", {}, text);
  const answersText = (answers) => (answers.length ? answers.map((one) => one.join(" + ")).join(" or ") : "none");
  const findingsOf = new Map();
  for (const row of findings) {
    if (!isItem(row) && row[SCOPE] !== "group") continue;
    if (!findingsOf.has(row[SUBJECT])) findingsOf.set(row[SUBJECT], []);
    findingsOf.get(row[SUBJECT]).push(row);
  }
  const picture = (number, caption) =>
    make(
      "figure",
      {},
      number === null || !data.pictures[number] ? null : make("img", {src: data.pictures[number], alt: caption, loading: "lazy"}),
      make("figcaption", {}, caption),
    );
  const crop = (one) => {
    const name = `${one.file}, page ${one.page}`;
    if (one.picture !== null && data.pictures[one.picture]) return picture(one.picture, name);
    const target = data.raw === null ? null : `${data.raw}/${one.file.split("/").map(encodeURIComponent).join("/")}#page=${one.page}`;
    return make("p", {class: "mono"}, target ? make("a", {href: target, rel: "noopener"}, name) : name);
  };
  const drawItem = (item) => {
    const own = [...(findingsOf.get(item.id) || []), ...(findingsOf.get(item.id.slice(0, item.id.lastIndexOf("@"))) || [])];
    const spans = (field) =>
      own.flatMap((row) => row[SPANS]).filter((span) => span[0] === field).map((span) => [Number(span[1]), Number(span[2])]);
    const body = document.createDocumentFragment();
    const inLanguage = {lang: item.language, dir: item.dir};
    const risk = item.risk === null ? [] : [`risk ${item.risk}`];
    body.append(make("p", {class: "note"}, [item.language, ...item.about, ...risk].join(" · ")));
    if (own.length) {
      const lines = own.map((row) =>
        make("li", {}, badge(row[SEVERITY], row[WAIVED]), ` ${row[CODE]} ${row[FIELD] ?? ""}: ${row[MESSAGE]}`, row[WAIVED] ? " (waived)" : ""),
      );
      body.append(heading("Findings"), make("ul", {class: "found"}, ...lines));
    }
    const source = item.source || null;
    const theirs = source ? {lang: source.language, dir: source.dir} : {};
    const empty = () => make("p", {class: "empty"}, "empty");
    /* The original and its translation stand side by side; what differs by word is underlined, spans are marked. */
    const beside = (here, original) =>
      source ? make("div", {class: "sides"}, make("div", {class: "side"}, make("span", {class: "note"}, source.language), original), make("div", {class: "side"}, make("span", {class: "note"}, item.language), here)) : here;
    const paragraph = (text, attributes, content) => (text ? make("p", {class: "text", ...attributes}, content) : empty());
    if (item.context !== null)
      body.append(
        heading("Context"),
        beside(paragraph(item.context, inLanguage, marked(item.context, spans("context"))), source && paragraph(source.context, theirs, source.context)),
      );
    body.append(heading("Stem"));
    body.append(
      beside(
        paragraph(item.stem, inLanguage, marked(item.stem, spans("stem"))),
        source && paragraph(source.stem, theirs, source.language === item.language ? differing(source.stem, item.stem) : numbered(source.stem, item.stem)),
      ),
    );
    for (const [role, text] of item.turns) body.append(make("p", {class: "text", ...inLanguage}, `${role}: ${text}`));
    const right = new Set(item.answers.flat());
    if (item.options.length) {
      const lines = item.options.map(([id, label, text]) => {
        const shown = text ? marked(text, spans(`option:${id}`)) : make("span", {class: "empty"}, "empty");
        const original = source && source.options.find((one) => one[0] === id);
        const other = original ? make("span", {class: "text original", lang: source.language, dir: RTL.test(original[2]) ? source.dir : "auto"}, numbered(original[2], text)) : source ? make("span", {class: "text original empty"}, "no such option") : null;
        const tick = right.has(id) ? make("span", {title: "in the key"}, "✓", make("span", {class: "quiet"}, " in the key")) : null;
        return make(
          "li",
          {class: right.has(id) ? "right" : "", dir: item.dir},
          make("span", {class: "label", dir: "auto", title: `option id ${id}`}, label || id),
          other,
          make("span", {class: "text", lang: item.language, dir: RTL.test(text) ? item.dir : "auto"}, shown),
          tick,
        );
      });
      body.append(heading("Options"), make("ol", {class: "options"}, ...lines));
    }
    body.append(heading("Key"));
    const file = item.key_file ? `, from ${item.key_file}` : "";
    body.append(make("p", {}, `${item.status}: ${answersText(item.answers)}${item.accepted.length ? ` (${item.accepted.join("; ")})` : ""}${file}`));
    if (item.note) body.append(make("p", {class: "text"}, item.note));
    for (const [status, answers, from, reason] of item.history)
      body.append(make("p", {class: "note"}, `before: ${status}: ${answersText(answers)}${from ? `, from ${from}` : ""}${reason ? ` (${reason})` : ""}`));
    item.rationales.forEach((text, place) =>
      body.append(heading(`Rationale ${place + 1}`), make("p", {class: "text", ...inLanguage}, marked(text, spans(`rationale:${place + 1}`)))),
    );
    for (const one of item.media) {
      const name = [one.what, one.status === "missing" ? "missing" : one.file ?? "no file", one.caption].filter(Boolean).join(": ");
      body.append(heading("Picture"), picture(one.picture, name));
    }
    const crops = item.crops.length ? item.crops : item.places.map(([file, page]) => ({file, page, picture: null}));
    if (crops.length) body.append(heading("Where it stands"), ...crops.map(crop));
    body.append(make("p", {class: "mono note"}, `text hash ${item.text_hash}, key hash ${item.key_hash}`));
    return body;
  };
  const dialog = byId("item");
  let walk = [];
  let current = null;
  const openItem = (id, rows) => {
    if (rows) walk = [...new Set(rows.flatMap(itemsOf))];
    current = id;
    const item = Object.hasOwn(data.items, id) ? data.items[id] : null;
    byId("item-title").textContent = id;
    byId("item-body").replaceChildren(
      item ? drawItem(item) : make("p", {}, "The text of this item is not in this report. ", make("span", {class: "mono"}, `benchwright show '${id}'`)),
    );
    const place = walk.indexOf(id);
    byId("item-place").textContent = place < 0 ? "" : `${place + 1} of ${walk.length} in the list`;
    byId("item-previous").disabled = place <= 0;
    byId("item-next").disabled = place < 0 || place >= walk.length - 1;
    if (!dialog.open) dialog.showModal();
    byId("item-title").focus();
    dialog.scrollTop = 0;
    if (location.hash !== link(id)) history.replaceState(null, "", link(id));
  };
  const step = (by) => {
    const next = walk[walk.indexOf(current) + by];
    if (next) openItem(next);
  };
  byId("item-previous").addEventListener("click", () => step(-1));
  byId("item-next").addEventListener("click", () => step(1));
  byId("item-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
  const fromHash = () => {
    if (!location.hash.startsWith("#item=")) return;
    openItem(decodeURIComponent(location.hash.slice(6)), table.rows());
  };
  window.addEventListener("hashchange", fromHash);
  fromHash();
})();
