/* A result in words, as panel_words.py, levels.py and answer_words.py put the first one. */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function neededFor(said, way) {
  /* How many the left side needs, or may have at most, for the claim to hold (need_words.need). */
  if (said.value === null || (said.is_share && said.value >= 1) || !way.right || way.untold) { return null; }
  var exact = said.is_share ? said.value / (1 - said.value) * (way.right - way.both) : said.value * way.right;
  if (said.says === "less") { return said.is_reached ? Math.floor(exact + 1e-9) : Math.ceil(exact - 1e-9) - 1; }
  return said.says === "more" && !said.is_reached ? Math.floor(exact + 1e-9) + 1 : Math.ceil(exact - 1e-9);
}

function needInWords(said, way) {
  /* The same as a sentence (need_words.need_in_words). */
  var wanted = neededFor(said, way), n = countInWords(wanted || 0);
  if (wanted === null) { return ""; }
  var measured = said.is_share ? way.left / way.all : way.left / way.right;
  if (said.says === "size" && Math.abs(measured - said.value) <= said.margin + 1e-9) {
    return " That is the claimed size, or nearly (" + n + ", dashed).";
  }
  if (said.says === "less") { return " For " + said.size + " " + said.it + " may have at most " + n + " (dashed)."; }
  var would = way.left >= wanted ? " " + n + " would do" : " " + said.it + " would need " + n;
  return " For " + said.size + would + " (dashed).";
}

function untoldInWords(panel, way) {
  /* What a count leaves open: "with 61 of unknown country", what can't be told, both ends (undecided.told). */
  var [unknown, what, span] = way.untold;
  return { unknown: unknown, what: what, span: span ? " (" + span + ")" : "" };
}

function sentenceOf(panel, way) {
  /* A result as parts of a sentence, the middle one in bold (panel_words.result). */
  var said = panel.data.said, mine = capital(said.left) + " " + said.left_has + " ";
  var left = countInWords(way.left, way.isAudited), right = countInWords(way.right, way.isAudited), parts;
  var together = countInWords(way.all, way.isAudited);
  if (way.untold) {
    var open = untoldInWords(panel, way);
    return [mine + left + (said.is_share ? " of " + together : " against " + right) + ", " + open.unknown + ": ", open.what, open.span + "."];
  }
  if (!way.left && !way.right) { return ["Neither side has any.", "", ""]; }
  if (said.is_share) {
    var part = percentInWords(way.left / way.all) + " of " + said.together;
    parts = [mine, part, ": " + left + " of " + together + "."];
  } else if (!way.right) {
    return [capital(said.right) + " " + said.right_has + " ", "none", ", " + said.left + " " + left + "."];
  } else if (!way.left) {
    parts = [mine, "none", ", " + said.right + " " + right + "."];
  } else {
    parts = [mine, joinedWords(compared(way.left, way.right), said.right), ": " + left + " against " + right + "."];
  }
  parts[2] += needInWords(said, way);
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
  var topic = ". Topic: " + phrase(panel, way, "topic");
  return parts.filter(Boolean).join(", ") + topic + ". As seen on " + phrase(panel, way, "as_of") + ".";
}

function reasonOf(panel, way) {
  return way.kind === "fair" ? "" : panel.data.prefixes[way.kind] + way.why + ".";
}

function quotation(panel, way) {
  /* The result as prose to quote (answer_words.quotation). */
  var said = panel.data.said, unit = unitOf(panel, way) + (questionOf(panel, way) === "international" ? " filed abroad" : "");
  var left = countInWords(way.left, way.isAudited), right = countInWords(way.right, way.isAudited), found;
  if (way.untold) {
    var open = untoldInWords(panel, way);
    found = "had " + left + (said.is_share ? " of the total of " + countInWords(way.all, way.isAudited) : "") + " in " + said.year;
    found += (said.is_share ? "" : ", against " + right + " for " + said.right_full) + ", " + open.unknown + ": " + open.what + open.span;
  } else if (said.is_share) {
    found = "had " + percentInWords(way.all ? way.left / way.all : 0) + " of the total of " + said.all_countries;
    found += " in " + said.year + ": " + left + " of " + countInWords(way.all, way.isAudited);
  } else if (said.says !== "size" && said.value !== null && way.left && way.right) {
    found = "had " + joinedWords(compared(way.left, way.right), said.right_full) + " in " + said.year;
    found += ": " + left + " against " + right;
  } else {
    var just = way.left && way.right && compared(way.left, way.right) === "about as many" ? "just " : "";
    var standing = way.left === way.right ? "level" : just + (way.left > way.right ? "ahead" : "behind");
    found = said.left_was + " " + standing + " in " + said.year + ": " + (way.left ? left : "none") + ", against ";
    found += way.right ? right + " for " + said.right_full : said.none_right;
  }
  return said.scope + "ounted as " + unit + ", " + said.left_full + " " + found + ". The claim says " + said.size + ".";
}

function sourceOf(panel, way) {
  /* How the quoted figure was counted, and on what evidence. */
  var counted = wayInWords(panel, way), evidence = panel.data.evidence[questionOf(panel, way)];
  var sure = way.kind === "fair" ? evidence && !way.untold ? "Evidence: " + evidence + "." : "" : reasonOf(panel, way);
  return "Counted: " + counted.charAt(0).toLowerCase() + counted.slice(1) + " " + sure;
}
