// What the server said with the page: its phrases, its settings, its language.
export const told = JSON.parse(document.getElementById("told").textContent);
export const base = document.body.dataset.base;

const plurals = new Intl.PluralRules(told.language);
const numbers = new Intl.NumberFormat(told.language);

export function say(name, values = {}) {
  let phrase = told.say[name];
  if (typeof phrase === "object") phrase = phrase[plurals.select(values.count)] ?? phrase.other;
  return phrase.replace(/\{(\w+)\}/g, (_, key) => written(values[key]));
}

function written(value) {
  return typeof value === "number" ? numbers.format(value) : String(value);
}

// Puts the phrases where the page's HTML names them.
export function speak(root) {
  for (const each of root.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  for (const each of root.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", say(each.dataset.label));
    if (each.matches("button")) each.title = say(each.dataset.label);
  }
  for (const each of root.querySelectorAll("[data-hint]")) each.placeholder = say(each.dataset.hint);
}
