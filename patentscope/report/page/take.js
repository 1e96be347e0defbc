/* To take away: every table as CSV and every card as text, made in the page from what it shows. No request is made. */
function put(node, text) {
  node.textContent = text;
  return node;
}

function button(text, act) {
  var made = put(document.createElement("button"), text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function bar(...buttons) {
  var made = document.createElement("p");
  made.className = "take";
  made.append(...buttons);
  return made;
}

function field(value) {
  /* A cell of CSV. What a spreadsheet would take for a formula gets an apostrophe before it, unless it is a number. */
  var text = value === null || value === undefined ? "" : String(value);
  if (/^[=+\-@＝＋－＠\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)) { text = "'" + text; }
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

function saveCsv(name, rows) {
  var text = rows.map(function (row) { return row.map(field).join(",") + "\r\n"; }).join("");
  var link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name + ".csv";
  link.click();
  window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
}

function plain(node) {
  /* A cell's text as the page came: parts that stand beneath each other are set apart. */
  var parts = [];
  var walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { parts.push(walk.currentNode.nodeValue.replace(/\s+/g, " ").trim()); }
  return parts.filter(Boolean).join("; ");
}

function cellOf(cell) {
  var text = plain(cell);
  if (text === "–") { return ""; }
  return cell.classList.contains("num") && /^[\d,]+(\.\d+)?$/.test(text) ? text.replace(/,/g, "") : text;
}

function saveable(where) {
  /* A button beneath each table outside the lists, and beneath each card. */
  where.querySelectorAll("table[id]").forEach(function (table) {
    if (table.closest(".list")) { return; }
    var name = table.id.replace(/^table-/, "");
    var save = button("Save as CSV", function () {
      saveCsv(name, Array.from(table.rows).filter(function (row) { return !row.hidden; }).map(function (row) {
        return Array.from(row.cells).map(cellOf);
      }));
    });
    save.setAttribute("aria-label", "Save as CSV: " + plain(table.caption).split(";")[0]);
    table.closest(".scroll").after(bar(save));
  });
  where.querySelectorAll(".card").forEach(function (card) {
    var copy = button("Copy this card", function () {
      var done = function (text) { copy.textContent = text; };
      window.getSelection().selectAllChildren(card);
      if (!navigator.clipboard) { done("Selected: copy it now"); return; }
      navigator.clipboard.writeText(card.textContent).then(function () { done("Copied"); }, function () {
        done("Selected: copy it now");
      });
    });
    card.after(bar(copy));
  });
}
