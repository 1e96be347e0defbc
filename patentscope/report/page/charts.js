/* Draws the charts one after the other, in the page's colours. */
var ink = "currentColor";
/* Text and lines take the page's colour, so that light, dark and paper need no second drawing. */
/* A chart is one picture to a screen reader, with its convention as label and its figures in the table beneath. */
var theme = {
  aria: false,
  background: "transparent",
  font: 'system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif',
  view: { stroke: ink, strokeOpacity: 0.18 },
  axis: {
    labelColor: ink, titleColor: ink, gridColor: ink, gridOpacity: 0.13, domainColor: ink, domainOpacity: 0.45,
    tickColor: ink, tickOpacity: 0.45, labelFontSize: 11, titleFontSize: 12, titleFontWeight: 500
  },
  legend: { labelColor: ink, titleColor: ink, labelFontSize: 11 },
  text: { color: ink },
  style: { "group-title": { fill: ink }, "guide-label": { fill: ink }, "guide-title": { fill: ink } }
};

function inflated(id) {
  /* What stands in the page as gzip in base64. */
  var bytes = Uint8Array.from(window.atob(document.getElementById(id).textContent), function (mark) {
    return mark.charCodeAt(0);
  });
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

async function started() {
  /* Vega is let in by its hash, which the page's policy names. */
  var script = document.createElement("script");
  script.textContent = await inflated("vega");
  document.head.append(script);
}

function rowsOf(table) {
  /* Rows are stored by column, with each column's distinct values once. */
  var columns = Object.entries(table.packed);
  return Array.from({ length: table.rows }, function (_, place) {
    return Object.fromEntries(columns.map(function ([name, [values, places]]) { return [name, values[places[place]]]; }));
  });
}

function unpacked(spec) {
  Object.keys(spec.datasets || {}).forEach(function (key) {
    spec.datasets[key] = rowsOf(spec.datasets[key]);
  });
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

function failed(box, problem) {
  var note = document.createElement("p");
  note.className = "chart-error";
  note.setAttribute("role", "alert");
  note.textContent = "This chart could not be drawn (" + problem + "). Its figures are in the table beneath.";
  box.replaceChildren(note);
  state.errors.push(box.id + ": " + problem);
}

async function draw(box) {
  var options = { actions: false, renderer: "svg", ast: true, config: theme, tooltip: { theme: "custom" } };
  var label = box.getAttribute("aria-label");
  try {
    var spec = JSON.parse(document.getElementById(box.id + "-spec").textContent);
    box.dataset.width = String(box.clientWidth);
    var drawn = await window.vegaEmbed(box, fitted(unpacked(spec), box.clientWidth), options);
    box.dataset.drawn = "yes";
    /* Vega gives the box a role and a label of its own; ours says where the figures are. */
    box.setAttribute("role", "img");
    box.removeAttribute("aria-roledescription");
    box.setAttribute("aria-label", label);
    box.querySelector("svg").setAttribute("aria-hidden", "true");
    listen(box, drawn.view);
  } catch (problem) {
    failed(box, problem && problem.message ? problem.message : String(problem));
  }
}

async function drawAll(boxes) {
  /* One after the other, with a pause between, so that the page can be read and scrolled from the start. */
  for (var box of boxes) {
    await draw(box);
    state.drawn = document.querySelectorAll(".chart[data-drawn]").length;
    await new Promise(function (go) { window.setTimeout(go, 0); });
  }
}

async function drawFirst() {
  var boxes = Array.from(document.querySelectorAll(".chart"));
  state.expected = boxes.length;
  await started().catch(function () { return null; });
  if (window.vegaEmbed) { return drawAll(boxes); }
  return boxes.forEach(function (box) { failed(box, "the drawing library did not start"); });
}

function redrawWide() {
  drawAll(Array.from(document.querySelectorAll(".chart[data-fit][data-drawn]")).filter(function (box) {
    return Math.abs(box.clientWidth - Number(box.dataset.width)) > 8;
  }));
}
