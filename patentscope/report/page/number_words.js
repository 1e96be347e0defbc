/* Numbers in words, exactly as number_words.py says them, but that a per cent stays on its figure's line: counts are known to six decimals, halves go to the even digit. */
var PARTS = ["third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"];

function withCommas(digits) {
  var parts = digits.split(".");
  parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
  return parts.join(".");
}

function fixed(number, places) {
  /* As Python rounds: what lies exactly between two goes to the even one, where toFixed takes the larger. */
  var text = number.toFixed(places);
  var rest = number.toFixed(60).split(".")[1].slice(places);
  if (!/^50*$/.test(rest) || Number(text.slice(-1)) % 2 === 0) { return text; }
  return (Number(text) - Math.pow(10, -places)).toFixed(places);
}

function countInWords(number, isAudited) {
  if (isAudited) {
    return number >= 1 || !number ? "about " + withCommas(fixed(number, 0)) : "under 1";
  }
  if (number === Math.floor(number)) { return withCommas(number.toFixed(0)); }
  var text = fixed(number, 1);
  return Number(text) ? withCommas(text) : "under 0.1";
}

function percentInWords(part) {
  var hundredths = part * 100;
  var whole = Number(fixed(hundredths, 0));
  if ((whole === 0 || whole === 100) && part !== 0 && part !== 1) {
    if (part > 0.5) { return part < 1 ? "over 99\u00a0%" : "100\u00a0%"; }
    return Number(fixed(hundredths, 1)) ? fixed(hundredths, 1) + "\u00a0%" : "under 0.1\u00a0%";
  }
  return whole + "\u00a0%";
}

function twoFigures(number) {
  var exact = number.toPrecision(60).replace(".", "");
  var power = Math.floor(Math.log10(number)) - 1;
  var first = Number(exact.slice(0, 2));
  var rest = exact.slice(2);
  var up = /^50*$/.test(rest) ? first % 2 : Number(rest[0]) >= 5 ? 1 : 0;
  var rounded = power < 0 ? (first + up) / Math.pow(10, -power) : (first + up) * Math.pow(10, power);
  return withCommas(rounded === Math.floor(rounded) ? rounded.toFixed(0) : rounded.toFixed(1));
}

function ratioInWords(left, right) {
  /* Both in millionths, over 0: whole numbers, so that every comparison is exact. */
  if (20 * Math.abs(left - right) <= right) { return "about as many"; }
  if (8 * left < 3 * right) { return partInWords(left, right); }
  if (20 * left < 39 * right) {
    return fixed(Math.abs(left / right - 1) * 100, 0) + "\u00a0% " + (left > right ? "more" : "fewer");
  }
  return 20 * left <= 41 * right ? "twice as many" : twoFigures(left / right) + " times as many";
}

function partInWords(left, right) {
  var whole = Math.floor(right / left);
  var rest = 2 * (right - whole * left);
  whole += rest > left || (rest === left && whole % 2) ? 1 : 0;
  var name = PARTS[whole - 3];
  return name ? "about " + (name[0] === "e" ? "an " : "a ") + name + " as many" : "one for every " + withCommas(String(whole));
}

function compared(left, right, noneLeft, noneRight) {
  if (!right) { return left ? noneRight : "none of either"; }
  return left ? ratioInWords(Math.round(left * 1e6), Math.round(right * 1e6)) : noneLeft;
}

function joinedWords(words, name) {
  return words + (words.startsWith("one for every ") ? " of " : /(fewer|more)$/.test(words) ? " than " : " as ") + name;
}

function inShort(left, right) {
  /* On a button: −40%, +78%, 4.5×; none and all where a side has none. */
  if (!left || !right) { return left ? "all" : right ? "none" : "–"; }
  var ratio = left / right;
  if (Math.abs(ratio - 1) < 0.005) { return "equal"; }
  if (ratio >= 1.995) { return (ratio >= 9.95 ? withCommas(ratio.toFixed(0)) : ratio.toFixed(1).replace(".0", "")) + "×"; }
  return (ratio > 1 ? "+" : "−") + Math.round(Math.abs(ratio - 1) * 100) + "%";
}
