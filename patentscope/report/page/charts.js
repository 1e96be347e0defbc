/* Charts. Readers' pictures stand in the page as stills; Vega takes their places when the page is idle. Specialists'
   charts are drawn when the part that they stand in is opened. */
var vega = null;
var views = {};
var waiting = {};
var rings = {};
var printing = false;

function inflated(id) {
  /* What stands in the page as gzip in base64. */
  var bytes = Uint8Array.from(window.atob(document.getElementById(id).textContent), function (mark) {
    return mark.charCodeAt(0);
  });
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

function started() {
  /* Vega is let in by its hash, which the page's policy names; it starts once. */
  vega = vega || inflated("vega").then(function (code) {
    var script = document.createElement("script");
    script.textContent = code;
    document.head.append(script);
    if (!window.vegaEmbed) { throw new Error("the drawing library did not start"); }
  });
  return vega;
}

function rowsOf(table) {
  /* Rows are stored by column, with each column's distinct values once. */
  var columns = Object.entries(table.packed);
  return Array.from({ length: table.rows }, function (_, place) {
    return Object.fromEntries(columns.map(function ([name, [values, places]]) { return [name, values[places[place]]]; }));
  });
}

function unpacked(spec, shared) {
  var tables = Object.assign({}, shared, spec.datasets);
  spec.datasets = Object.fromEntries(Object.keys(tables).map(function (key) { return [key, rowsOf(tables[key])]; }));
  return spec;
}

function narrowed(part) {
  /* On a phone the names of the choices are set smaller, so that the plot keeps its room. */
  (part.layer || [part]).forEach(function (layer) {
    var axis = layer.encoding.y && layer.encoding.y.axis;
    if (axis && axis.minExtent) {
      axis.minExtent = axis.maxExtent = 118;
      axis.labelLimit = 114;
      axis.labelFontSize = 9;
    }
  });
}

function fitted(spec, width) {
  /* Charts that stand under each other share a gutter of fixed width; the plots take the rest. */
  var narrow = width < 520;
  if (narrow && spec.usermeta && spec.usermeta.dense) {
    /* Figures that would run into each other are left to the table. */
    spec.layer = spec.layer.filter(function (layer) { return layer.mark.type !== "text"; });
  }
  if (!spec.vconcat) { return spec; }
  spec.vconcat.forEach(function (part) {
    part.width = Math.max(100, Math.floor(width - (narrow ? 118 : spec.usermeta.gutter) - 16));
    if (narrow) { narrowed(part); }
  });
  return spec;
}

function isSeen(node) {
  /* What lies in a closed part has a place, and is not seen. */
  return node.checkVisibility ? node.checkVisibility() : node.getClientRects().length > 0;
}

function failed(box, problem) {
  /* A still stays as it is; a chart without one says that it is missing. */
  state.errors.push(box.id + ": " + problem);
  if (box.classList.contains("picture")) { return; }
  var note = document.createElement("p");
  note.className = "chart-error";
  note.setAttribute("role", "alert");
  note.textContent = "This chart could not be drawn (" + problem + "). Its figures are in the table beneath.";
  box.replaceChildren(note);
}

async function embedded(node, spec) {
  var options = { actions: false, renderer: "svg", ast: true, tooltip: { theme: "custom" } };
  var drawn = await window.vegaEmbed(node, spec, options);
  node.querySelector("svg").setAttribute("aria-hidden", "true");
  return drawn.view;
}

async function draw(box) {
  var label = box.getAttribute("aria-label");
  box.dataset.width = String(box.clientWidth);
  var spec = JSON.parse(await inflated(box.id + "-spec"));
  var view = await embedded(box, fitted(unpacked(spec), box.clientWidth));
  /* Vega gives the box a role and a label of its own; ours says where the figures are. */
  box.setAttribute("role", "img");
  box.removeAttribute("aria-roledescription");
  box.setAttribute("aria-label", label);
  listen(box, view);
}

async function enliven(box) {
  /* The still that is seen is replaced by a chart of the same size, which can be pointed at. */
  var still = Array.from(box.querySelectorAll(".still")).find(isSeen);
  if (!still || still.dataset.alive) { return; }
  still.dataset.alive = "soon";
  var live = document.createElement("div");
  var all = JSON.parse(document.getElementById(box.id + "-spec").textContent);
  live.className = "live";
  var spec = unpacked(all.forms[still.dataset.form], all.shared);
  var view = await embedded(live, spec);
  ["role", "aria-roledescription", "aria-label"].forEach(function (name) { live.removeAttribute(name); });
  still.append(live);
  still.dataset.alive = "yes";
  var name = box.id.replace(/^chart-/, "");
  views[name] = { view: view, meta: spec.usermeta, claim: (box.closest("[data-claim]") || box).dataset.claim };
  if (spec.usermeta && spec.usermeta.rows) { pickable(name); }
  (waiting[name] || []).forEach(function (act) { act(view); });
}

function whenDrawn(name, act) {
  /* Calls *act* with a picture's view, now if it is drawn, and whenever it is drawn in another size. */
  (waiting[name] = waiting[name] || []).push(act);
  if (views[name]) { act(views[name].view); }
}

function pickable(name) {
  /* A dot of the results gives the way to count that it stands for; the ring goes where it was last sent. */
  var shown = views[name];
  shown.view.addEventListener("click", function (_, item) {
    if (item && item.datum && item.datum.spec_id && typeof pickWay === "function") {
      pickWay(shown.claim, item.datum.spec_id);
    }
  });
  if (rings[name]) { ring(name); }
}

function ringAt(claim, chosen) {
  /* Moves the ring to a result: {question, left, right, all, words, fair}. */
  var name = "results-" + claim.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").toLowerCase();
  rings[name] = chosen;
  if (views[name]) { ring(name); }
}

function ring(name) {
  var shown = views[name], chosen = rings[name], meta = shown.meta;
  var of = meta.of === "both" ? chosen.all : chosen.right;
  var exact = of ? 100 * chosen.left / of : meta.most;
  var value = Math.min(meta.most, Math.max(meta.least, exact));
  var row = meta.rows[chosen.question];
  var there = row && (chosen.left || chosen.right);
  shown.view.data("chosen", there ? [{
    question: chosen.question, value: value, py: row, begins: meta.rooms[chosen.question][0],
    ends: meta.rooms[chosen.question][1], words: chosen.words, fair: chosen.fair
  }] : []).run();
}

async function drawAll(boxes) {
  /* One after the other, with a pause between, so that the page can be read and scrolled from the start. */
  for (var box of boxes) {
    try {
      await started();
      await (box.classList.contains("picture") ? enliven(box) : draw(box));
      box.dataset.drawn = "yes";
    } catch (problem) {
      failed(box, problem && problem.message ? problem.message : String(problem));
    }
    state.drawn = document.querySelectorAll(".chart[data-drawn]").length;
    await new Promise(function (go) { window.setTimeout(go, 0); });
  }
}

function undrawn(within) {
  return Array.from(within.querySelectorAll(".chart:not([data-drawn]):not([data-width])")).filter(isSeen);
}

async function drawFirst() {
  var boxes = undrawn(document);
  state.expected = boxes.length;
  await new Promise(function (go) { (window.requestIdleCallback || window.setTimeout)(go); });
  await drawAll(boxes);
  watch();
}

function watch() {
  /* What is shown, opened or given another size later on. */
  var sizes = new ResizeObserver(function (seen) {
    if (printing) { return; }
    drawAll(seen.map(function (entry) { return entry.target; }).filter(isSeen));
  });
  document.querySelectorAll(".picture").forEach(function (box) { sizes.observe(box); });
  document.addEventListener("toggle", function (event) {
    if (!printing && event.target.open) { drawAll(undrawn(event.target)); }
  }, true);
  window.addEventListener("afterprint", function () { drawAll(undrawn(document)); });
}

function firstPainted() {
  window.requestAnimationFrame(function () {
    window.setTimeout(function () { state.first = performance.now(); }, 0);
  });
}

function followWindow() {
  /* Specialists' charts fit themselves to the window; for paper nothing is drawn anew. */
  var resized = 0;
  window.addEventListener("resize", function () {
    window.clearTimeout(resized);
    resized = window.setTimeout(redrawWide, 200);
  });
  window.addEventListener("beforeprint", function () { printing = true; });
  window.addEventListener("afterprint", function () { printing = false; });
}

function redrawWide() {
  if (printing) { return; }
  drawAll(Array.from(document.querySelectorAll(".chart[data-fit][data-drawn]")).filter(function (box) {
    return isSeen(box) && Math.abs(box.clientWidth - Number(box.dataset.width)) > 8;
  }));
}
