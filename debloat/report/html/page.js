"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const ROW = 60;
  const TIERS = ["safe", "unsafe", "suggestion"];
  const number = (value, digits = 0) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const plural = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

  // An element of text and elements: what is in the data never becomes markup.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  }

  // ---- light and dark
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try { chosen = localStorage.getItem("debloat-theme"); } catch { /* a page on disk may have no storage */ }
  const paint = () => { root.dataset.theme = chosen || (system.matches ? "dark" : "light"); };
  function toggle() {
    chosen = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("debloat-theme", chosen); } catch { /* as above */ }
    paint();
  }
  system.addEventListener("change", paint);
  paint();
  $("theme").addEventListener("click", toggle);

  // ---- the score
  const [now, safe, all] = data.total;
  const removable = now.code_lines - all.code_lines;
  $("share").textContent = `${number(now.code_lines ? (100 * removable) / now.code_lines : 0, 1)}%`;
  $("says").append(
    make("b", {}, number(removable)), ` of ${plural(now.code_lines, "line")} of code could go, `,
    make("b", {}, number(now.code_lines - safe.code_lines)), " of them by safe fixes.",
    data.tests[0] ? ` Tests, ${plural(data.tests[0], "line")}, are not counted.` : "",
  );
  const METRICS = [
    ["Lines of code", "code_lines", 0], ["Logical lines", "logical_lines", 0], ["Cyclomatic complexity", "complexity", 0],
    ["Maintainability index", "maintainability", 1], ["Halstead volume", "volume", 0],
  ];
  // A bar from what is left to what is there now, the ends of which go with the safe fixes and with the others.
  function bar(before, middle, after) {
    const most = Math.max(before, middle, after) || 1;
    const parts = [["left", Math.min(middle, after)], ["warm", Math.abs(middle - after)], ["hot", Math.abs(before - Math.max(middle, after))]];
    return make("div", { class: "bar" }, ...parts.map(([kind, size]) => {
      const part = make("i", { class: kind });
      part.style.width = `${(100 * size) / most}%`;
      return part;
    }));
  }
  for (const [title, key, digits] of METRICS) {
    const states = [["safe fixes", safe], ["all fixes", all]].map(([label, state]) => {
      const change = now[key] ? (100 * (state[key] - now[key])) / now[key] : 0;
      const said = `${change > 0 ? "+" : change < 0 ? "−" : "±"}${number(Math.abs(change), 1)}%`;
      return make("div", {}, make("dt", {}, label), make("dd", { title: `${number(state[key], digits)} after ${label}` }, said));
    });
    $("metrics").append(make("div", { class: "metric" }, make("h2", { title }, title), make("p", {}, number(now[key], digits)),
      bar(now[key], safe[key], all[key]), make("dl", {}, ...states)));
  }
  $("made").textContent = `Made by debloat ${data.version}. Nothing on this page was asked of any server.`;

  // ---- what is filtered by
  const filter = { query: "", tiers: new Set(), rules: new Set(), path: "" };
  const texts = data.findings.map((finding) =>
    [data.paths[finding.path], data.rules[finding.rule].name, finding.message, ...finding.facts.map((fact) => fact[4])].join("\n").toLowerCase());
  let shown = [];
  let selected = -1;

  const inside = (path, place) => !place || path === place || path.startsWith(`${place}/`);
  function matches(index, without) {
    const finding = data.findings[index];
    return (without === "tiers" || !filter.tiers.size || filter.tiers.has(finding.tier))
      && (without === "rules" || !filter.rules.size || filter.rules.has(finding.rule))
      && inside(data.paths[finding.path], filter.path)
      && filter.query.split(/\s+/).every((word) => texts[index].includes(word));
  }
  function counts(key, without) {
    const found = new Map();
    data.findings.forEach((finding, index) => {
      if (matches(index, without)) found.set(finding[key], (found.get(finding[key]) || 0) + 1);
    });
    return found;
  }
  function flip(set, value) { if (!set.delete(value)) set.add(value); update(); }

  function chips() {
    const byTier = counts("tier", "tiers");
    $("tiers").replaceChildren(...TIERS.filter((tier) => data.findings.some((finding) => finding.tier === tier)).map((tier) =>
      make("button", { class: `chip ${tier}`, type: "button", "aria-pressed": String(filter.tiers.has(tier)), onclick: () => flip(filter.tiers, tier) },
        `${tier} ${number(byTier.get(tier) || 0)}`)));
    const byRule = counts("rule", "rules");
    const most = Math.max(1, ...byRule.values());
    const listed = [...new Set([...byRule.keys(), ...filter.rules])].sort((a, b) => (byRule.get(b) || 0) - (byRule.get(a) || 0) || a - b);
    $("rules").replaceChildren(...listed.map((rule) => {
      const bar = make("i");
      bar.style.width = `calc((100% - 16px) * ${(byRule.get(rule) || 0) / most})`;
      const { name, about } = data.rules[rule];
      return make("button", { class: "rule", type: "button", title: about, "aria-pressed": String(filter.rules.has(rule)), onclick: () => flip(filter.rules, rule) },
        make("span", {}, name), make("span", {}, number(byRule.get(rule) || 0)), bar);
    }));
  }

  function update() {
    const kept = shown[selected];
    shown = data.findings.map((_, index) => index).filter((index) => matches(index));
    chips();
    const lines = shown.reduce((sum, index) => sum + data.findings[index].lines, 0);
    $("count").textContent = `${plural(shown.length, "finding")}${filter.path ? ` in ${filter.path}` : ""} · ${plural(lines, "line")}`;
    $("clear").hidden = !(filter.query || filter.tiers.size || filter.rules.size || filter.path);
    $("rows").style.height = `${shown.length * ROW}px`;
    for (const tile of $("map").querySelectorAll(".tile")) tile.classList.toggle("on", tile.dataset.path === filter.path);
    select(Math.max(0, shown.indexOf(kept)));
  }
  function clear() {
    Object.assign(filter, { query: "", path: "" });
    filter.tiers.clear();
    filter.rules.clear();
    $("query").value = "";
    update();
  }
  $("clear").addEventListener("click", clear);
  $("query").addEventListener("input", (event) => { filter.query = event.target.value.trim().toLowerCase(); update(); });

  // ---- the list, of which only what is in sight is in the document
  function rows() {
    const list = $("list");
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 6);
    const last = Math.min(shown.length, first + Math.ceil(list.clientHeight / ROW) + 12);
    const made = [];
    for (let at = first; at < last; at++) {
      const finding = data.findings[shown[at]];
      const row = make("div", { class: "row", role: "option", id: `row-${at}`, "aria-selected": String(at === selected), "aria-setsize": shown.length, "aria-posinset": at + 1, onclick: () => select(at) },
        make("p", {}, finding.message),
        make("div", {}, make("span", {}, make("bdi", {}, `${data.paths[finding.path]}:${finding.place[0]}`)), make("span", { class: `tier ${finding.tier}` }, data.rules[finding.rule].name)));
      row.style.top = `${at * ROW}px`;
      made.push(row);
    }
    if (!shown.length) made.push(make("p", { class: "none" }, data.findings.length ? "No finding is like that." : "Nothing needless was found."));
    $("rows").replaceChildren(...made);
    list.setAttribute("aria-activedescendant", shown.length ? `row-${selected}` : "");
  }
  let waiting = false;
  $("list").addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; rows(); });
    waiting = true;
  });
  function select(at) {
    selected = shown.length ? Math.min(Math.max(at, 0), shown.length - 1) : -1;
    const list = $("list");
    if (selected >= 0) {
      const top = selected * ROW;
      if (top < list.scrollTop) list.scrollTop = top;
      else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
    }
    rows();
    detail();
  }

  // ---- code
  const TOKEN = /(#.*)|("""|'''|[rbfuRBFU]{0,2}"(?:[^"\\]|\\.)*"?|[rbfuRBFU]{0,2}'(?:[^'\\]|\\.)*'?)|\b(False|None|True|and|as|assert|async|await|break|case|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b|\b(\d[\w.]*)/g;
  function coloured(text) {
    const parts = [];
    let end = 0;
    for (const found of text.matchAll(TOKEN)) {
      parts.push(text.slice(end, found.index), make("span", { class: "cskn"[[1, 2, 3, 4].findIndex((group) => found[group] !== undefined)] }, found[0]));
      end = found.index + found[0].length;
    }
    return [...parts, text.slice(end)].filter((part) => part !== "");
  }
  const line = (label, kind, sign, ...content) =>
    make("div", { class: `l ${kind}` }, make("i", {}, label), sign === null ? null : make("u", {}, sign), make("span", {}, ...content));
  const source = (path, at) => (data.source[path] || {})[at];
  const block = (...lines) => make("div", { class: "code", tabindex: 0 }, make("div", {}, ...lines));

  function snippet(finding) {
    const [first, column, last, end] = finding.place;
    const lines = [];
    for (let at = first - 3; at <= last + 3; at++) {
      const text = source(finding.path, at);
      if (text === undefined) {
        if (at > first && at <= last && lines.at(-1)?.className !== "skip") lines.push(make("div", { class: "skip" }, `… to line ${last}`));
        continue;
      }
      const found = at >= first && at <= last;
      const letters = [...text];
      lines.push(first === last && at === first && end > column
        ? line(at, "found", null, ...coloured(letters.slice(0, column - 1).join("")), make("mark", {}, ...coloured(letters.slice(column - 1, end - 1).join(""))), ...coloured(letters.slice(end - 1).join("")))
        : line(at, found ? "found" : "", null, ...coloured(text)));
    }
    return block(...lines);
  }

  function differences(fix) {
    const byPath = new Map();
    for (const [path, ...edit] of fix.edits) byPath.set(path, [...(byPath.get(path) || []), edit]);
    return [...byPath].map(([path, edits]) => {
      const lines = [make("div", { class: "file" }, data.paths[path])];
      let done = 0;
      const context = (from, to) => {
        for (let at = Math.max(from, done + 1); at < to; at++) {
          if (source(path, at) !== undefined) lines.push(line(at, "", " ", ...coloured(source(path, at))));
          done = Math.max(done, at);
        }
      };
      edits.forEach(([first, end, text], index) => {
        if (done && first - 3 > done + 1) lines.push(make("div", { class: "skip" }, "⋯"));
        context(first - 3, first);
        let hidden = 0;
        for (let at = first; at < end; at++) {
          const old = source(path, at);
          if (old === undefined) hidden++;
          else lines.push(line(at, "del", "−", ...coloured(old)));
        }
        if (hidden) lines.push(make("div", { class: "skip del" }, `… and ${plural(hidden, "line")} more`));
        if (text) for (const added of text.replace(/\n$/, "").split("\n")) lines.push(line("", "add", "+", ...coloured(added)));
        done = Math.max(done, end - 1);
        const next = edits[index + 1];
        context(end, Math.min(end + 3, next ? next[0] : Infinity));
      });
      return block(...lines);
    });
  }

  function detail() {
    const finding = data.findings[shown[selected]];
    if (!finding) { $("detail").replaceChildren(); return; }
    const rule = data.rules[finding.rule];
    const parts = [
      make("p", { class: "meta" }, make("code", {}, `${data.paths[finding.path]}:${finding.place[0]}`), make("span", { class: `tier ${finding.tier}` }, finding.tier), finding.lines ? plural(finding.lines, "line") : ""),
      make("h2", {}, finding.message),
      make("p", { class: "about" }, make("b", {}, rule.name), ` — ${rule.about}`),
      make("h3", {}, "Source"), snippet(finding),
    ];
    if (finding.facts.length) {
      parts.push(make("h3", {}, finding.facts.some((fact) => fact[1] === "assumed") ? "Proof, with what it assumes" : "Proof"));
      parts.push(make("ol", { class: "facts" }, ...finding.facts.map(([kind, proof, path, at, note]) =>
        make("li", { class: proof }, make("em", {}, proof === "assumed" ? `${kind}, assumed` : kind), note, " ", make("code", {}, `${data.paths[path]}:${at}`)))));
    }
    if (finding.fix) {
      parts.push(make("h3", {}, `Fix: ${finding.fix.title} (${finding.fix.tier})`));
      for (const path of finding.fix.removed) parts.push(make("p", { class: "gone" }, "The file ", make("code", {}, data.paths[path]), " goes."));
      for (const test of finding.fix.tests) parts.push(make("p", { class: "gone" }, "With it goes the test ", make("code", {}, test), "."));
      parts.push(...differences(finding.fix));
    } else parts.push(make("h3", {}, "No fix of it alone is possible here: it waits for another one, or is left to you."));
    $("detail").replaceChildren(...parts);
    $("detail").scrollTop = 0;
  }

  // ---- the map: a squarified treemap of folders and files
  const sizes = data.files.map(([path, ...code]) => ({ path: data.paths[path], code, size: Math.max(code[0], 1) }));
  function tree() {
    const top = { name: "", path: "", children: new Map(), size: 0 };
    for (const file of sizes) {
      let at = top;
      const steps = file.path.split("/");
      steps.forEach((name, depth) => {
        at.size += file.size;
        if (depth === steps.length - 1) at.children.set(name, { name, ...file });
        else {
          if (!at.children.get(name)?.children) at.children.set(name, { name, path: steps.slice(0, depth + 1).join("/"), children: new Map(), size: 0 });
          at = at.children.get(name);
        }
      });
    }
    return top;
  }
  const whole = tree();
  let folder = whole;

  // Bruls, Huizing and van Wijk: rows along the shorter side, each as long as its worst ratio gets better.
  function squarify(items, x, y, width, height) {
    const placed = [];
    let left = items.reduce((sum, item) => sum + item.size, 0);
    let rest = [...items].sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
    while (rest.length) {
      const short = Math.min(width, height);
      const scale = (width * height) / left;
      let row = [], sum = 0, worst = Infinity;
      for (const item of rest) {
        const next = sum + item.size;
        const largest = (row[0] || item).size;
        const ratio = Math.max((short * short * largest) / (next * next * scale), (next * next * scale) / (short * short * item.size));
        if (row.length && ratio > worst) break;
        row.push(item); sum = next; worst = ratio;
      }
      const thick = (sum * scale) / short;
      let along = 0;
      for (const item of row) {
        const length = (item.size / sum) * short;
        placed.push(width >= height ? [item, x, y + along, thick, length] : [item, x + along, y, length, thick]);
        along += length;
      }
      if (width >= height) { x += thick; width -= thick; } else { y += thick; height -= thick; }
      left -= sum;
      rest = rest.slice(row.length);
    }
    return placed;
  }
  function colour(share) {
    const heat = Math.min(1, Math.max(0, share) * 2);
    return heat < .5 ? `color-mix(in oklab, var(--lean), var(--warm) ${Math.round(heat * 200)}%)` : `color-mix(in oklab, var(--warm), var(--hot) ${Math.round(heat * 200 - 100)}%)`;
  }
  const bloat = (code) => (code[0] ? (code[0] - code[2]) / code[0] : 0);
  const GAP = 2, HEAD = 18;
  function draw() {
    const map = $("map");
    const made = [];
    const put = (element, x, y, width, height) => {
      Object.assign(element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
      made.push(element);
    };
    const lay = (node, x, y, width, height) => {
      for (const [item, left, top, wide, high] of squarify([...node.children.values()], x, y, width, height)) {
        let [w, h] = [wide - GAP, high - GAP];
        if (w < 1.5 || h < 1.5) continue;
        if (item.children) {
          let inner = item, name = item.name;
          while (inner.children.size === 1 && [...inner.children.values()][0].children) { inner = [...inner.children.values()][0]; name += `/${inner.name}`; }
          const head = w > 44 && h > 44 ? HEAD : 0;
          const box = make("div", { class: "folder" });
          if (head) box.append(make("button", { type: "button", tabindex: -1, title: `Look into ${inner.path}`, onclick: () => zoom(inner) }, name));
          put(box, left, top, w, h);
          const pad = w > 30 && h > 30 ? GAP : 0;
          lay(inner, left + pad, top + (head || pad), w - pad + (pad ? 0 : GAP), h - (head || pad) + (pad ? 0 : GAP));
        } else {
          const share = bloat(item.code);
          const tile = make("div", { class: "tile", role: "option", "data-path": item.path, "aria-label": `${item.path}: ${number(100 * share, 1)}% of ${plural(item.code[0], "line")}` });
          tile.style.background = colour(share);
          tile.style.color = `var(--on-${share > .43 ? "hot" : share > .08 ? "warm" : "lean"})`;
          if (w > 34 && h > 20) tile.append(make("b", {}, item.name));
          if (w > 76 && h > 38) tile.append(make("small", {}, `${number(100 * share)}% of ${number(item.code[0])}`));
          if (filter.path === item.path) tile.classList.add("on");
          put(tile, left, top, w, h);
        }
      }
    };
    lay(folder, 0, 0, map.clientWidth + GAP, map.clientHeight + GAP);
    map.replaceChildren(...made);
    const steps = folder.path ? folder.path.split("/") : [];
    const crumbs = [make("button", { type: "button", onclick: () => zoom(whole) }, steps.length ? "All files" : make("b", {}, `All files · ${number(sizes.length)}`))];
    steps.forEach((name, depth) => {
      const path = steps.slice(0, depth + 1);
      crumbs.push(make("span", {}, "/"), make("button", { type: "button", onclick: () => zoom(path.reduce((node, step) => node.children.get(step), whole)) }, depth === steps.length - 1 ? make("b", {}, name) : name));
    });
    $("crumbs").replaceChildren(...crumbs);
  }
  function zoom(node) {
    folder = node;
    filter.path = node.path;
    draw();
    update();
  }
  $("map").addEventListener("click", (event) => {
    const tile = event.target.closest(".tile");
    if (tile) pick(tile.dataset.path);
  });
  function pick(path) {
    filter.path = filter.path === path ? folder.path : path;
    update();
  }
  const byPath = new Map(sizes.map((file) => [file.path, file]));
  const tip = $("tip");
  $("map").addEventListener("pointermove", (event) => {
    const tile = event.target.closest(".tile");
    tip.hidden = !tile;
    if (!tile) return;
    const { path, code } = byPath.get(tile.dataset.path);
    tip.replaceChildren(make("b", {}, path), `${number(code[0] - code[2])} of ${plural(code[0], "line")} of code could go (${number(100 * bloat(code), 1)}%), ${number(code[0] - code[1])} by safe fixes`);
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`;
  });
  $("map").addEventListener("pointerleave", () => { tip.hidden = true; });
  $("map").addEventListener("keydown", (event) => {
    const tiles = [...$("map").querySelectorAll(".tile")];
    const at = tiles.findIndex((tile) => tile.classList.contains("at"));
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      tiles[at]?.classList.remove("at");
      tiles[Math.min(Math.max(at + step, 0), tiles.length - 1)]?.classList.add("at");
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && at >= 0) pick(tiles[at].dataset.path);
  });
  let wide = 0;
  new ResizeObserver(([entry]) => { if (entry.contentRect.width !== wide) { wide = entry.contentRect.width; draw(); } rows(); }).observe($("map"));
  new ResizeObserver(rows).observe($("list"));

  // ---- keys
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target === $("query");
    if (event.key === "Escape") { clear(); $("list").focus(); }
    else if (typing && !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    else if (event.key === "/") $("query").focus();
    else if (event.key === "t") toggle();
    else if (event.key === "Enter" && typing) $("list").focus();
    else {
      const page = Math.max(1, Math.floor($("list").clientHeight / ROW) - 1);
      const inList = typing || event.target === $("list");
      const steps = { j: 1, k: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity } : {}) };
      if (!(event.key in steps)) return;
      select(selected + steps[event.key] === Infinity ? shown.length - 1 : selected + steps[event.key]);
    }
    event.preventDefault();
  });

  draw();
  update();
})();
