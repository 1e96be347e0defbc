/* How do you count? Every way to count of a claim is in the page; a choice looks one up. */
var panels = [];
/* Where choices can't be combined, these go back first. */
var GO_BACK = ["share", "international", "unit", "basis", "documents", "date"];
/* The small lines, in the units of their drawing. */
var LINES_WIDTH = 208, LINES_HEIGHT = 62;

function bytesIn(text) {
  return Uint8Array.from(window.atob(text), function (mark) { return mark.charCodeAt(0); });
}

function summed(steps) {
  var sum = 0;
  return steps.map(function (step) { sum += step; return sum; });
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function panelIn(section) {
  var data = JSON.parse(section.querySelector("script[id^='count-data']").textContent);
  var panel = {
    data: data, section: section, form: section.querySelector("form"), numbers: summed(data.steps), at: new Map(),
    ids: new Map(), lines: new Map(), quoted: null,
    keys: data.axes.map(function (axis) { return axis[0]; }),
    sizes: data.axes.map(function (axis) { return axis[1].length; })
  };
  panel.numbers.forEach(function (number, place) { panel.at.set(number, place); });
  var hex = Array.from(bytesIn(data.ids), function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
  panel.numbers.forEach(function (_, place) { panel.ids.set(hex.slice(12 * place, 12 * place + 12), place); });
  panel.specs = Array.from(panel.ids.keys());
  if (data.lines) {
    summed(data.lines.of).forEach(function (place, line) { panel.lines.set(place, line); });
    panel.counts = new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[data.lines.bytes](bytesIn(data.lines.counts).buffer);
  }
  panel.judged = data.why.some(function (why) { return why === 0; });
  panel.loosened = subsets(GO_BACK.map(function (key) { return panel.keys.indexOf(key); }));
  panel.now = panel.first = choicesAt(panel, panel.ids.get(data.first));
  return panel;
}

function subsets(places) {
  /* All subsets but the empty one, the smallest first; of one size, those of the first places first. */
  var found = [];
  for (var bits = 1; bits < 1 << places.length; bits += 1) {
    found.push(places.filter(function (_, bit) { return bits >> bit & 1; }));
  }
  return found.sort(function (one, other) { return one.length - other.length; });
}

function choicesAt(panel, place) {
  var rest = panel.numbers[place];
  return panel.sizes.reduceRight(function (choices, size) {
    choices.unshift(rest % size);
    rest = Math.floor(rest / size);
    return choices;
  }, []);
}

function placeAt(panel, choices) {
  return panel.at.get(choices.reduce(function (sum, level, axis) { return sum * panel.sizes[axis] + level; }, 0));
}

function level(panel, choices, key) {
  var axis = panel.keys.indexOf(key);
  return panel.data.axes[axis][1][choices[axis]];
}

function wayAt(panel, place) {
  /* One way to count: both sides, how it stands, and why. */
  var data = panel.data, choices = choicesAt(panel, place);
  return {
    place: place, choices: choices, left: data.left[place], right: data.right[place],
    both: data.both ? data.both[place] : 0, kind: data.reasons[data.why[place]][0], why: data.reasons[data.why[place]][1],
    isAudited: level(panel, choices, "topic") === data.audited
  };
}

/* ---- which choices go together ---- */
function settled(panel, tried, kept) {
  /* The choices as tried, or with the fewest others back at their first level; none where that doesn't help. */
  if (placeAt(panel, tried) !== undefined) { return { choices: tried, back: [] }; }
  for (var places of panel.loosened) {
    if (places.includes(kept)) { continue; }
    for (var first of [panel.first, panel.first.map(function () { return 0; })]) {
      var choices = tried.map(function (level, axis) { return places.includes(axis) ? first[axis] : level; });
      if (placeAt(panel, choices) !== undefined) {
        return { choices: choices, back: places.filter(function (axis) { return choices[axis] !== tried[axis]; }) };
      }
    }
  }
  return null;
}

function goesWith(panel, tried, kept) {
  /* The levels of one other axis with which a choice can be combined, for those that it can't be combined with now. */
  for (var axis of GO_BACK.slice().reverse().map(function (key) { return panel.keys.indexOf(key); })) {
    if (axis === kept) { continue; }
    var names = panel.data.axes[axis][2].filter(function (_, other) {
      var choices = tried.slice();
      choices[axis] = other;
      return settled(panel, choices, axis) && settled(panel, choices, axis).choices[kept] === tried[kept];
    });
    if (names.length) { return "only with " + names.join(" or ").toLowerCase(); }
  }
  return "not with the other choices";
}

function option(panel, axis, chosen) {
  /* What choosing a level would give, or why it can't be chosen. */
  var tried = panel.now.slice();
  tried[axis] = chosen;
  var found = settled(panel, tried, axis);
  if (!found) { return { found: null, off: goesWith(panel, tried, axis) }; }
  return { found: found, way: wayAt(panel, placeAt(panel, found.choices)), off: "" };
}

function whyOff(panel, way) {
  /* Where other counts are judged, one that is stopped or finds nothing is no choice. */
  if (!panel.judged) { return ""; }
  return way.kind === "stopped" ? way.why : way.left || way.right ? "" : "nothing is counted on either side";
}

/* ---- words ---- */
function neededFor(said, way) {
  /* How many the left side needs, or may have at most, for the claim to hold (panel_words.need). */
  if (said.value === null || (said.is_share && said.value >= 1) || !way.right) { return null; }
  var exact = said.is_share ? said.value / (1 - said.value) * (way.right - way.both) : said.value * way.right;
  if (said.says === "less") { return said.is_reached ? Math.floor(exact + 1e-9) : Math.ceil(exact - 1e-9) - 1; }
  return said.says === "more" && !said.is_reached ? Math.floor(exact + 1e-9) + 1 : Math.ceil(exact - 1e-9);
}

function sentenceOf(panel, way) {
  /* A result as parts of a sentence, the middle one in bold (panel_words.result). */
  var said = panel.data.said, mine = capital(said.left) + " " + said.left_has + " ";
  var left = countInWords(way.left, way.isAudited), right = countInWords(way.right, way.isAudited), parts;
  if (!way.left && !way.right) { return ["Neither side has any.", "", ""]; }
  if (said.is_share) {
    var all = way.left + way.right - way.both;
    parts = [mine, percentInWords(way.left / all) + " of " + said.together, ": " + left + " of " + countInWords(Number(all.toFixed(6)), way.isAudited) + "."];
  } else if (!way.right) {
    parts = [capital(said.right) + " " + said.right_has + " ", "none", ", " + said.left + " " + left + "."];
  } else if (!way.left) {
    parts = [mine, "none", ", " + said.right + " " + right + "."];
  } else {
    parts = [mine, joinedWords(compared(way.left, way.right), said.right), ": " + left + " against " + right + "."];
  }
  var wanted = neededFor(said, way);
  if (wanted !== null) {
    parts[2] += " For " + said.size + " " + said.it + (said.says === "less" ? " may have at most " : " would need ");
    parts[2] += countInWords(wanted) + " (dashed).";
  }
  return parts;
}

function phrase(panel, way, key) {
  var axis = panel.keys.indexOf(key);
  return panel.data.axes[axis][3][way.choices[axis]];
}

function unitOf(panel, way) {
  return panel.data.units[way.choices[panel.keys.indexOf("unit")]][way.choices[panel.keys.indexOf("documents")]];
}

function wayInWords(panel, way) {
  /* As levels.in_words. */
  var parts = [
    capital(unitOf(panel, way)) + phrase(panel, way, "unit"), phrase(panel, way, "basis"),
    phrase(panel, way, "date") + " " + panel.data.said.year, phrase(panel, way, "international"), phrase(panel, way, "share")
  ];
  return parts.filter(Boolean).join(", ") + ". Topic: " + phrase(panel, way, "topic") + ". As seen on " + phrase(panel, way, "as_of") + ".";
}

function reasonOf(panel, way) {
  return way.kind === "fair" ? "" : panel.data.prefixes[way.kind] + way.why + ".";
}

function quotation(panel, way) {
  /* The result as prose to quote (answer_words.quotation). */
  var said = panel.data.said, unit = unitOf(panel, way) + (questionOf(panel, way) === "international" ? " filed abroad" : "");
  var left = countInWords(way.left, way.isAudited), right = countInWords(way.right, way.isAudited), all = way.left + way.right - way.both, found;
  if (said.is_share) {
    found = "had " + percentInWords(all ? way.left / all : 0) + " of the total of " + said.all_countries + " in " + said.year + ": " + left + " of " + countInWords(Number(all.toFixed(6)), way.isAudited);
  } else if (said.says !== "size" && said.value !== null && way.left && way.right) {
    found = "had " + joinedWords(compared(way.left, way.right), said.right_full) + " in " + said.year + ": " + left + " against " + right;
  } else {
    var just = way.left && way.right && compared(way.left, way.right) === "about as many" ? "just " : "";
    var standing = way.left === way.right ? "level" : just + (way.left > way.right ? "ahead" : "behind");
    found = said.left_was + " " + standing + " in " + said.year + ": " + (way.left ? left : "none") + ", against " + (way.right ? right + " for " + said.right_full : said.none_right);
  }
  return said.scope + "ounted as " + unit + ", " + said.left_full + " " + found + ". The claim says " + said.size + ".";
}

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
  var wanted = neededFor(panel.data.said, way), most = Math.max(way.left, way.right, wanted || 0) || 1;
  ["left", "right"].forEach(function (side) {
    var track = panel.section.querySelector(".length." + side), width = way[side] / most * 100;
    track.querySelector("i").style.width = width + "%";
    /* The side's name stands in its bar where there is room. */
    var label = track.querySelector("b"), fits = width > 60 || width / 100 * track.clientWidth > label.textContent.length * 7.5 + 16;
    label.className = fits ? "" : "beside";
    label.style.left = fits ? "" : "calc(" + width + "% + .6rem)";
    part(panel, side === "left" ? "n-l" : "n-r").textContent = countInWords(way[side], way.isAudited);
  });
  var mark = panel.section.querySelector(".length em");
  mark.hidden = wanted === null;
  mark.style.left = (wanted || 0) / most * 100 + "%";
}

function seriesOf(panel, way) {
  /* Both sides by year, and up to how many years are published; null for ways that by-year.parquet hasn't. */
  var line = panel.lines.get(way.place), years = panel.data.lines && panel.data.lines.years;
  if (line === undefined) { return null; }
  var sides = [0, 1].map(function (side) {
    return Array.from(panel.counts.subarray((line * 2 + side) * years, (line * 2 + side + 1) * years));
  });
  return { left: sides[0], right: sides[1], whole: panel.data.lines.whole[line], years: years };
}

function drawnLine(side, values, whole, most, years) {
  var points = values.map(function (n, year) {
    return [(years > 1 ? year / (years - 1) : 0.5) * LINES_WIDTH, LINES_HEIGHT - n / most * LINES_HEIGHT].map(function (v) { return v.toFixed(1); });
  });
  var solid = points.slice(0, whole), last = solid[solid.length - 1];
  var drawing = solid.length > 1 ? "<polyline class='" + side + "' points='" + solid.map(function (p) { return p.join(","); }).join(" ") + "'/>" : "";
  drawing += last ? "<circle class='end " + side + "' cx='" + last[0] + "' cy='" + last[1] + "' r='4'/>" : "";
  return drawing + points.slice(whole).map(function (p) {
    return "<circle class='open " + side + "' cx='" + p[0] + "' cy='" + p[1] + "' r='2.6'/>";
  }).join("");
}

function showLines(panel, way) {
  var series = seriesOf(panel, way), first = panel.data.lines && panel.data.lines.first;
  var most = series ? Math.max.apply(null, series.left.concat(series.right, 1)) : 1;
  panel.section.querySelectorAll(".by-year").forEach(function (box) {
    var none = box.querySelector(".none");
    box.querySelector("svg").style.visibility = series ? "" : "hidden";
    none.hidden = Boolean(series);
    none.textContent = "By year: only for counts of whole patents, as seen on " + panel.data.axes[panel.keys.indexOf("as_of")][2][0] + ".";
    if (!series) { return; }
    box.querySelector("g").innerHTML = drawnLine("right", series.right, series.whole, most, series.years) + drawnLine("left", series.left, series.whole, most, series.years);
    box.querySelector(".from").textContent = first;
    box.querySelector(".most").textContent = "highest " + countInWords(most);
    box.querySelector(".to").textContent = first + series.years - 1;
  });
}

function markResult(panel, box, way) {
  /* What a button would give, in the colour of whoever leads by it. */
  var said = panel.data.said, all = way ? way.left + way.right - way.both : 0;
  box.textContent = !way ? "–" : !said.is_share ? inShort(way.left, way.right) : all ? fixed(way.left / all * 100, 0) + "%" : "–";
  var ahead = way ? said.is_share ? way.left / (all || 1) - said.measure_at_par : way.left - way.right : 0;
  box.dataset.side = !way || !all || !ahead ? "" : ahead > 0 ? "left" : "right";
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
  return level(panel, way.choices, "international") !== "all" ? "international" : panel.data.questions[level(panel, way.choices, "basis")];
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
  quote(panel, isFirst ? "" : quotation(panel, way), "Counted: " + wayInWords(panel, way) + (way.kind === "fair" ? "" : " " + reasonOf(panel, way)));
  ringAt(panel.data.claim, {
    question: questionOf(panel, way), left: way.left, right: way.right, fair: way.kind === "fair",
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
  /* #count=SPEC_ID, or #count=CLAIM/SPEC_ID, shows that count. */
  var [, claimId, spec] = /^#count=(?:(.+)\/)?([0-9a-f]{12})$/.exec(window.location.hash) || [];
  var panel = spec && panelOf(claimId && decodeURIComponent(claimId));
  if (!panel || !panel.ids.has(spec)) { return; }
  claimShown(panel.data.claim);
  show(panel, choicesAt(panel, panel.ids.get(spec)));
  if (isAtStart) { panel.section.scrollIntoView(); }
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
