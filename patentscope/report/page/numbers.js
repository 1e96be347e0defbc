/* How numbers are written: as the page has them (1,234.5), or in the German way (1.234,5).
   Three significant digits at most stand behind a decimal mark, so that 1.234 or 1,234 is never a fraction. */
var numbers = { style: "en", kept: new Map() };
var NUMBER = /(?<![\w.,\/-])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\w\/]|[.,]\d)/g;
var VERBATIM = "blockquote, cite, code, pre, bdi, script, style, .chart, .card, [data-verbatim]";

function swapped(text) {
  if (numbers.style === "en") { return text; }
  return text.replace(NUMBER, function (number) {
    return number.replace(/[.,]/g, function (mark) { return mark === "." ? "," : "."; });
  });
}

function written(value) {
  /* As `figure` of table.py writes it. */
  if (value === null || value === undefined) { return "–"; }
  var text;
  if (value === Math.round(value)) { text = value.toLocaleString("en-US"); }
  else if (Math.abs(value) >= 1000) { text = Math.round(value).toLocaleString("en-US"); }
  else { text = String(Number(value.toPrecision(3))); }
  return swapped(text);
}

function original(node) {
  /* A text of the page as it came, whatever the numbers look like now. */
  return numbers.kept.has(node) ? numbers.kept.get(node) : node.nodeValue;
}

function rememberNumbers() {
  var walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, function (node) {
    return node.nodeValue.search(NUMBER) === -1 || node.parentElement.closest(VERBATIM)
      ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  });
  while (walk.nextNode()) { numbers.kept.set(walk.currentNode, walk.currentNode.nodeValue); }
  document.querySelectorAll("[aria-label]").forEach(function (node) {
    var label = node.getAttributeNode("aria-label");
    if (label.value.search(NUMBER) !== -1 && !node.closest("[data-verbatim]")) { numbers.kept.set(label, label.value); }
  });
}

function writeNumbers(style) {
  numbers.style = style;
  numbers.kept.forEach(function (text, node) { node.nodeValue = swapped(text); });
}

function germanReader() {
  try { return new Intl.NumberFormat(navigator.language).format(1234.5) === "1.234,5"; }
  catch (problem) { return false; }
}
