// The panels beside the conversation, the dialog, and what keys do.
import { byId, make } from "./dom.js";
import { say } from "./told.js";

const PANELS = [["left", "open-left"], ["right", "open-right"]];
const WIDE = matchMedia("(min-width: 1000px)");
const KEYS = ["send", "line", "stop", "edit", "help"];

export function onPanels() {
  for (const [side, opener] of PANELS) {
    byId(opener).addEventListener("click", () => show(side, opener, byId(side).hidden, true));
    byId(side).querySelector(".close").addEventListener("click", () => show(side, opener, false, true));
    swipe(byId(side), side === "left" ? -1 : 1, () => show(side, opener, false, true));
  }
  show("left", "open-left", WIDE.matches, false);
  byId("keys").addEventListener("click", keys);
}

// On a phone they lie over the conversation: they go when something was chosen.
export function closePanels() {
  if (WIDE.matches) return;
  for (const [side, opener] of PANELS) show(side, opener, false, false);
}

function show(side, opener, open, moves) {
  byId(side).hidden = !open;
  byId(opener).setAttribute("aria-expanded", String(open));
  document.body.classList.toggle(`with-${side}`, open);
  if (open && !WIDE.matches) for (const [other, its] of PANELS) if (other !== side) show(other, its, false, false);
  if (moves) (open ? byId(side).querySelector(".close") : byId(opener)).focus();
}

function swipe(panel, direction, close) {
  let from = null;
  panel.addEventListener("touchstart", ({ touches }) => (from = touches[0]), { passive: true });
  panel.addEventListener("touchend", ({ changedTouches: [to] }) => {
    const across = (to.clientX - from.clientX) * direction;
    if (across > 60 && across > 2 * Math.abs(to.clientY - from.clientY)) close();
  });
}

export function dialog(title, content) {
  const place = byId("dialog");
  const close = make("button", { type: "button", class: "plain close", "aria-label": say("web_dismiss") }, "×");
  close.addEventListener("click", () => place.close());
  place.setAttribute("aria-label", title);
  const head = make("h2", { tabindex: "-1", autofocus: true }, title); // whoever hears the page hears it first
  place.replaceChildren(make("div", { class: "sidehead" }, head, close), content);
  place.showModal();
}

function keys() {
  const rows = KEYS.flatMap((name) => {
    const [key, does] = say(`web_key_${name}`).split(": ");
    return [make("dt", {}, make("kbd", {}, key)), make("dd", {}, does)];
  });
  dialog(say("web_keys"), make("dl", {}, ...rows));
}

export function onKeys({ stop }) {
  document.addEventListener("keydown", (event) => {
    if (byId("dialog").open) return;
    if (event.key === "Escape") {
      const open = WIDE.matches ? null : PANELS.find(([side]) => !byId(side).hidden);
      if (open) show(open[0], open[1], false, true);
      else stop();
    }
    if (event.key === "?" && !event.target.matches("input, textarea, select")) keys();
  });
}
