// Makes elements. What is not an element becomes text: nothing here reads HTML.
const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function picture(lines) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", lines);
  svg.append(path);
  return svg;
}

export function download(name, kind, content) {
  const address = URL.createObjectURL(new Blob([content], { type: kind }));
  const link = make("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

export function hexadecimal(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return [...random].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// What is shown for a moment; `undo`, where it is given, is what its button does.
let hiding = 0;
export function toast(text, label = "", undo = null) {
  const place = byId("toast");
  clearTimeout(hiding);
  const close = () => (place.hidden = true);
  place.replaceChildren(text);
  if (undo) place.append(make("button", { type: "button", onclick: () => (close(), undo()) }, label));
  place.hidden = false;
  hiding = setTimeout(close, undo ? 8000 : 2500);
  return close;
}
