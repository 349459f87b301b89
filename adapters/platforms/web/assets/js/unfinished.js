// A text that still grows, as it will be drawn: what is half there is closed or left out, so that nothing
// turns from one thing into another while it is read.

export function unfinished(text) {
  if (insideFence(text)) return text; // drawn as code up to where it stands
  const cut = text.lastIndexOf("\n\n") + 2;
  const begins = cut === 1 ? 0 : cut;
  const last = text.slice(begins);
  return text.slice(0, begins) + paragraph(table(last.replace(/(^|\n)[ ]*(`{1,2}|~{1,2})$/, "$1")));
}

function insideFence(text) {
  let fence = "";
  for (const [, mark] of text.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)) {
    if (!fence) fence = mark;
    else if (mark[0] === fence[0] && mark.length >= fence.length) fence = "";
  }
  return fence !== "";
}

// The head of a table is one from its first line on.
function table(block) {
  const [head, rule, ...rows] = block.split("\n");
  if (!/^\s*\|.*\S/.test(head) || rows.length) return block;
  if (rule !== undefined && !/^[\s|:-]*$/.test(rule)) return block;
  const cells = Math.max(1, head.trim().replace(/^\||\|$/g, "").split("|").length);
  return `${head}\n|${"-|".repeat(cells)}`;
}

function paragraph(block) {
  let text = formula(block);
  text = text.replace(/!?\[([^\]\n]*)\]\([^)\n]*$/, "$1").replace(/!?\[([^\]\n]*)\]?$/, "$1");
  text = text.replace(/(^|\n)([ ]*(?:[-*+]|\d+[.)]|#{1,6}))[ ]*$/, "$1");
  const ticks = (text.match(/`/g) ?? []).length;
  if (ticks % 2) return text.endsWith("`") ? text.slice(0, -1) : `${text}\``;
  text = text.replace(/(\*{1,3}|_{1,3}|~{1,2})$/, (mark) => (opens(text, mark) ? "" : mark));
  for (const mark of ["**", "~~"]) if (count(text, mark) % 2) text = `${text.trimEnd()}${mark}`;
  return text;
}

function formula(text) {
  for (const [opening, closing] of [["\\(", "\\)"], ["\\[", "\\]"]]) {
    const begins = text.lastIndexOf(opening);
    if (begins >= 0 && text.indexOf(closing, begins) < 0) return text.slice(0, begins);
  }
  return count(text, "$$") % 2 ? text.slice(0, text.lastIndexOf("$$")) : text;
}

const count = (text, mark) => text.split(mark).length - 1;
const opens = (text, mark) => count(text, mark) % 2 === 1;
