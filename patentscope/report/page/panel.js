/* How do you count? What is chosen, what is shown of it, and what the address keeps. */
var panels = [];
/* The small lines, in the units of their drawing. */
var LINES_WIDTH = 208, LINES_HEIGHT = 62;


function quote(panel, text, from) {
  /* Into the block of the quotation, which keeps its own words for the first count. */
  var boxes = ["quote-count", "quote-from"].map(function (id) {
    return document.getElementById(id + panel.data.suffix);
  });
  panel.quoted = panel.quoted || boxes.map(function (box) { return box && box.textContent; });
  boxes.forEach(function (box, place) {
    if (box) { box.textContent = text ? [text, from][place] : panel.quoted[place]; }
  });
}

/* ---- what is shown ---- */
function part(panel, id) {
  return document.getElementById(id + panel.data.suffix);
}

function showBars(panel, way) {
  /* Both sides, hatched what of the unknown each may have at most, and the mark of what the claim would need. */
  var more = way.untold ? { left: way.untold[3], right: way.untold[4] } : { left: 0, right: 0 };
  var wanted = neededFor(panel.data.said, way);
  var most = Math.max(way.left + more.left, way.right + more.right, wanted || 0) || 1;
  ["left", "right"].forEach(function (side) {
    var track = panel.section.querySelector(".length." + side), width = way[side] / most * 100;
    track.querySelector("i").style.width = width + "%";
    track.querySelector("s").style.left = width + "%";
    track.querySelector("s").style.width = more[side] / most * 100 + "%";
    /* The side's name stands in its bar where there is room. */
    var label = track.querySelector("b"), room = width / 100 * track.clientWidth;
    var fits = room > label.textContent.length * 7.5 + 16 || (width > 60 && !more[side]);
    label.className = fits ? "" : "beside";
    label.style.left = fits ? "" : "calc(" + width + "% + .6rem)";
    part(panel, side === "left" ? "n-l" : "n-r").textContent = countInWords(way[side], way.isAudited);
  });
  var mark = panel.section.querySelector(".length em");
  mark.hidden = wanted === null;
  mark.style.left = (wanted || 0) / most * 100 + "%";
}

function seriesOf(panel, way) {
  /* Both sides by year, up to how many years are published, and shown; null for ways that by-year.parquet hasn't. */
  var line = panel.lines.get(way.place), years = panel.data.lines && panel.data.lines.years;
  if (line === undefined) { return null; }
  var shown = panel.data.lines.shown[line];
  var sides = [0, 1].map(function (side) {
    return Array.from(panel.counts.subarray((line * 2 + side) * years, (line * 2 + side) * years + shown));
  });
  return { left: sides[0], right: sides[1], whole: panel.data.lines.whole[line], years: years };
}

function drawnLine(side, values, whole, most, years) {
  var points = values.map(function (n, year) {
    var x = (years > 1 ? year / (years - 1) : 0.5) * LINES_WIDTH;
    return [x.toFixed(1), (LINES_HEIGHT - n / most * LINES_HEIGHT).toFixed(1)];
  });
  var solid = points.slice(0, whole), last = solid[solid.length - 1];
  var drawing = solid.length > 1 ? "<polyline class='" + side + "' points='" + solid.join(" ") + "'/>" : "";
  drawing += last ? "<circle class='end " + side + "' cx='" + last[0] + "' cy='" + last[1] + "' r='4'/>" : "";
  return drawing + points.slice(whole).map(function (p) {
    return "<circle class='open " + side + "' cx='" + p[0] + "' cy='" + p[1] + "' r='2.6'/>";
  }).join("");
}

function namesOf(panel, key) {
  return panel.data.axes[panel.keys.indexOf(key)][2];
}

function showLines(panel, way) {
  var series = seriesOf(panel, way), first = panel.data.lines && panel.data.lines.first;
  var most = series ? Math.max.apply(null, series.left.concat(series.right, 1)) : 1;
  panel.section.querySelectorAll(".by-year").forEach(function (box) {
    var none = box.querySelector(".none");
    box.querySelector("svg").style.visibility = series ? "" : "hidden";
    none.hidden = Boolean(series);
    none.textContent = "By year: only for counts of whole patents, as seen on " + namesOf(panel, "as_of")[0] + ".";
    if (!series) { return; }
    box.querySelector("g").innerHTML = ["right", "left"].map(function (side) {
      return drawnLine(side, series[side], series.whole, most, series.years);
    }).join("");
    box.querySelector(".from").textContent = first;
    box.querySelector(".most").textContent = "highest " + countInWords(most);
    box.querySelector(".to").textContent = first + series.years - 1;
  });
}

function markResult(panel, box, way) {
  /* What a button would give, in the colour of whoever leads by it; "?" where unknown countries decide. */
  var said = panel.data.said, all = way ? way.all : 0;
  var share = all ? fixed(way.left / all * 100, 0) + "%" : "–", isOpen = Boolean(way && way.untold);
  box.textContent = !way ? "–" : isOpen ? "?" : said.is_share ? share : inShort(way.left, way.right);
  var ahead = way ? said.is_share ? way.left / (all || 1) - said.measure_at_par : way.left - way.right : 0;
  box.dataset.side = !way || !all || !ahead || isOpen ? "" : ahead > 0 ? "left" : "right";
  box.classList.toggle("weak", Boolean(way) && panel.judged && way.kind !== "fair");
}

function markAxis(panel, fieldset, options) {
  /* Every level of one choice: what it would give; those that can't be chosen are off, and say why. */
  var reasons = new Map();
  fieldset.querySelectorAll("input").forEach(function (input, place) {
    var one = options(input, place), off = one.off || (one.way ? whyOff(panel, one.way) : "");
    input.checked = one.chosen;
    input.disabled = Boolean(off) && !one.chosen;
    markResult(panel, input.parentElement.querySelector(".n"), off ? null : one.way);
    if (input.disabled) {
      reasons.set(off, (reasons.get(off) || []).concat(input.parentElement.querySelector("span").textContent));
    }
  });
  var note = fieldset.querySelector(".off");
  note.hidden = !reasons.size;
  note.textContent = Array.from(reasons, function ([why, names]) { return names.join(", ") + ": " + why + "."; }).join(" ");
}

function markChoices(panel) {
  panel.form.querySelectorAll("fieldset").forEach(function (fieldset) {
    var axis = panel.keys.indexOf(fieldset.dataset.axis);
    markAxis(panel, fieldset, function (input, place) {
      if (axis < 0) {
        var way = wayAt(panel, panel.ids.get(input.value));
        return { way: way, off: "", chosen: way.choices.join() === panel.now.join() };
      }
      return Object.assign(option(panel, axis, place), { chosen: panel.now[axis] === place });
    });
  });
}

function questionOf(panel, way) {
  if (level(panel, way.choices, "international") !== "all") { return "international"; }
  return panel.data.questions[level(panel, way.choices, "basis")];
}

function show(panel, choices, note) {
  /* Recount: everything that depends on the choices. */
  panel.now = choices;
  var way = wayAt(panel, placeAt(panel, choices)), isFirst = choices.join() === panel.first.join();
  var parts = sentenceOf(panel, way), bold = document.createElement("b");
  bold.textContent = parts[1];
  part(panel, "say").replaceChildren(parts[0], bold, parts[2]);
  part(panel, "how").textContent = wayInWords(panel, way);
  part(panel, "unfair").textContent = reasonOf(panel, way);
  part(panel, "unfair").hidden = way.kind === "fair";
  part(panel, "set-back").textContent = note || "";
  part(panel, "again").hidden = isFirst;
  showBars(panel, way);
  showLines(panel, way);
  markChoices(panel);
  quote(panel, isFirst ? "" : quotation(panel, way), sourceOf(panel, way));
  ringAt(panel.data.claim, {
    question: questionOf(panel, way), left: way.left, right: way.right, all: way.all, fair: way.kind === "fair",
    words: isFirst && panel.judged ? "the headline" : "your choice"
  });
}

function choose(panel, choices, note) {
  /* A choice of the reader's, which the address keeps. */
  show(panel, choices, note);
  var spec = panel.specs[placeAt(panel, choices)];
  window.history.replaceState(null, "", "#count=" + (panel.data.several ? encodeURIComponent(panel.data.claim) + "/" : "") + spec);
}

function setBack(panel, axes) {
  if (!axes.length) { return ""; }
  var said = axes.map(function (axis) {
    var [, , names] = panel.data.axes[axis], legend = panel.form.querySelector("[data-axis=" + panel.keys[axis] + "] legend");
    return legend.textContent.replace("?", "").toLowerCase() + " (" + names[panel.first[axis]] + ")";
  });
  return "Set back, as it can't be combined with this: " + said.join(", ") + ".";
}

function chosen(panel, input) {
  if (input.closest("fieldset").dataset.axis === "way") {
    return choose(panel, choicesAt(panel, panel.ids.get(input.value)));
  }
  var axis = panel.keys.indexOf(input.closest("fieldset").dataset.axis);
  var { found } = option(panel, axis, Number(input.value));
  return choose(panel, found.choices, setBack(panel, found.back));
}

/* ---- from outside ---- */
function panelOf(claimId) {
  /* The panel of a claim; without one, of the claim that is shown. */
  var shown = claimId || (document.querySelector(".reader:not(.away)") || { dataset: {} }).dataset.claim;
  return panels.find(function (panel) { return panel.data.claim === shown; }) || (claimId ? null : panels[0]);
}

function pickWay(claimId, specId) {
  /* Choose a way by its identifier: a dot of the chart that was clicked. */
  var panel = panelOf(claimId), place = panel && panel.ids.get(specId);
  if (!panel || place === undefined) { return false; }
  choose(panel, choicesAt(panel, place));
  return true;
}

function followAddress(isAtStart) {
  /* #count=SPEC_ID, or #count=CLAIM/SPEC_ID, shows that count; one that isn't here is said to be missing. */
  var [asked, claimId, spec] = /^#count=(?:(.+)\/)?(.*)$/.exec(window.location.hash) || [];
  if (asked === undefined) { return; }
  var panel = panelOf(claimId && decodeURIComponent(claimId)), isHere = Boolean(panel && panel.ids.has(spec));
  panel = panel || panelOf();
  if (!panel) { return; }
  if (isHere) {
    claimShown(panel.data.claim);
    show(panel, choicesAt(panel, panel.ids.get(spec)));
  } else {
    show(panel, panel.first, "The address asks for a way to count that isn't on this page; this is the first count.");
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
  if (!isAtStart) { return; }
  for (var part = panel.section.closest("details"); part; part = part.parentElement.closest("details")) { part.open = true; }
  panel.section.scrollIntoView();
}

function countOf(specId, claimId) {
  var panel = panelOf(claimId), place = panel && panel.ids.get(specId);
  return panel && place !== undefined ? { left: panel.data.left[place], right: panel.data.right[place] } : null;
}

function startPanels() {
  panels = Array.from(document.querySelectorAll("[data-panel]"), panelIn);
  window.patentscope = { count: countOf };
  panels.forEach(function (panel) {
    show(panel, panel.first);
    panel.form.addEventListener("change", function (event) { chosen(panel, event.target); });
    part(panel, "again").addEventListener("click", function () { choose(panel, panel.first); });
    var give = part(panel, "give");
    if (give) {
      give.addEventListener("click", function () {
        var note = panel.data.near ? "" : "No fair count gives " + panel.data.said.size + ": this is the nearest.";
        choose(panel, choicesAt(panel, panel.ids.get(give.dataset.spec)), note);
      });
    }
  });
  window.addEventListener("resize", function () {
    panels.forEach(function (panel) { showBars(panel, wayAt(panel, placeAt(panel, panel.now))); });
  });
  followAddress(true);
  window.addEventListener("hashchange", function () { followAddress(false); });
}
