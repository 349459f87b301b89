// Draws the conversation: of each message only what is another than before.
import { drawMarkdown } from "./markdown.js";
import { byId, make, picture, toast } from "./dom.js";
import { say, told } from "./told.js";

const BARE = new Set(["copy", "good", "bad"]); // their pictures say enough to those who see them

export class Messages {
  // `act` is told what is done: a name, a target, an argument.
  constructor(act) {
    this.log = byId("log");
    this.act = act;
    this.shown = new Map();
    this.follows = true;
    this.top = 0;
    this.editing = "";
    this.log.addEventListener("scroll", () => {
      // Who goes up follows no longer; that it grew below them is no doing of theirs.
      const { scrollHeight, scrollTop, clientHeight } = this.log;
      this.follows = scrollHeight - scrollTop - clientHeight < 80 || (this.follows && scrollTop >= this.top);
      this.top = scrollTop;
    });
    // Formulas and colours come when their library has: what has been followed to its end stays there.
    this.sizes = new ResizeObserver(() => this.follows && this.follow());
    this.sizes.observe(this.log);
    this.log.addEventListener("click", (event) => this.copy(event.target.closest("[data-copies]")));
  }

  draw(messages, notice) {
    const all = messages.length ? [...messages] : [{ key: "welcome", role: "welcome", text: "" }];
    if (notice) all.push(notice);
    const keys = new Set(all.map((message) => message.key));
    for (const [key, each] of this.shown) {
      if (!keys.has(key)) {
        this.sizes.unobserve(each.place);
        each.place.remove();
        this.shown.delete(key);
      }
    }
    let before = null;
    for (const message of all) {
      const place = this.message(message);
      const wanted = before ? before.nextElementSibling : this.log.firstElementChild;
      if (wanted !== place) this.log.insertBefore(place, wanted);
      before = place;
    }
    if (this.follows) this.follow();
  }

  follow() {
    this.follows = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  message(message) {
    const known = this.shown.get(message.key);
    const now = JSON.stringify(message);
    if (known?.now === now || (known && this.editing === message.key)) return known.place;
    const place = known?.place ?? make(message.id ? "article" : "div");
    if (!known) {
      place.dataset.key = message.key;
      this.sizes.observe(place);
    }
    this.shown.set(message.key, { place, now });
    place.className = `message ${message.role}${message.growing ? " growing" : ""}${message.failed ? " failed" : ""}`;
    this[message.role](place, message);
    return place;
  }

  welcome(place) {
    const examples = [1, 2, 3].map((number) => {
      const words = say(`web_example_${number}`);
      return make("button", { type: "button", onclick: () => this.act("ask", "", words) }, words);
    });
    place.replaceChildren(
      make("h2", {}, say("web_welcome")),
      make("p", {}, told.kept),
      make("div", { class: "examples" }, ...examples),
    );
  }

  note(place, message) {
    place.replaceChildren(make("p", {}, message.text));
  }

  user(place, message) {
    const edit = make("button", { type: "button", class: "edit" }, say("web_edit"));
    edit.addEventListener("click", () => this.edit(place, message));
    place.replaceChildren(
      make("h3", { class: "who" }, say("web_you")),
      make("div", { class: "body said" }, message.text),
      make("div", { class: "actions" }, edit),
    );
  }

  bot(place, message) {
    if (!place.firstChild) {
      place.append(make("h3", { class: "who" }, "Mixtral"), make("div", { class: "body" }));
    }
    place.setAttribute("aria-busy", String(message.growing));
    const body = place.querySelector(":scope > .body");
    if (message.text) drawMarkdown(body, message.text, message.growing);
    else if (!body.querySelector(".dots")) {
      drawMarkdown(body, "", false);
      const thinking = make("span", { class: "hidden" }, say("web_thinking"));
      body.replaceChildren(make("p", { class: "dots" }, thinking, make("i"), make("i"), make("i")));
    }
    place.written = message.written;
    // What failed has no version yet that there could be another of.
    const again = (button) => (button.verb === "regenerate" ? { ...button, label: say("web_try_again") } : button);
    const buttons = message.failed ? message.buttons.map(again) : message.buttons;
    this.actions(place, buttons, message.growing ? null : message);
  }

  notice(place, message) {
    place.setAttribute("role", message.outcome === "failed" || message.outcome === "refused" ? "alert" : "status");
    const body = make("div", { class: "body" });
    drawMarkdown(body, message.text, false);
    place.replaceChildren(body);
    if (message.file) {
      const { name, address } = message.file;
      place.append(make("p", {}, make("a", { class: "file", href: address, download: name }, `↓ ${name}`)));
    }
    const plain = message.buttons.filter((button) => !button.form);
    for (const button of message.buttons.filter((each) => each.form)) place.append(this.reason(button));
    this.actions(place, plain, null);
    place.append(this.dismissing());
  }

  dismissing() {
    const close = () => this.act("dismiss");
    return make("button", { type: "button", class: "dismiss", "aria-label": say("web_dismiss"), onclick: close }, "×");
  }

  reason(button) {
    const label = `${say("reason_title")} ${say("reason_label")}`;
    const why = make("input", { name: "why", maxlength: 500, placeholder: say("reason_label"), "aria-label": label });
    const submit = (event) => {
      event.preventDefault();
      this.act(button.verb, button.target, why.value);
    };
    return make("form", { class: "reason", onsubmit: submit }, why, make("button", { type: "submit" }, button.label));
  }

  // Below a message; whoever has one of them in focus keeps it.
  actions(place, buttons, answer) {
    const before = place.querySelector(":scope > .actions");
    const now = JSON.stringify(buttons) + Boolean(answer);
    if (before?.dataset.now === now) return;
    const focused = before?.contains(document.activeElement) ? document.activeElement.dataset.verb : null;
    const drawn = buttons.map((button) => this.button(button));
    if (answer) {
      drawn.push(make("button", { type: "button", "data-verb": "why", onclick: () => this.act("why", answer.id) }, say("web_why")));
    }
    before?.remove();
    if (!buttons.length) return;
    place.append(make("div", { class: "actions" }, ...drawn));
    place.lastChild.dataset.now = now;
    if (focused) place.querySelector(`[data-verb="${focused}"]`)?.focus();
  }

  button({ verb, target, argument, label, icon, enabled, pressed, count }) {
    if (count) return make("span", { class: "version" }, label);
    const made = make("button", { type: "button", "data-verb": verb, disabled: !enabled, "aria-pressed": pressed });
    if (pressed !== null) made.setAttribute("aria-pressed", String(pressed));
    if (icon) made.append(picture(icon));
    if (BARE.has(verb)) {
      made.setAttribute("aria-label", label);
      made.title = label;
    } else made.append(label);
    if (verb === "copy") made.dataset.copies = "answer";
    else made.addEventListener("click", () => this.act(verb, target, argument));
    return made;
  }

  edit(place, message) {
    this.editing = message.key;
    const label = say("web_edit");
    const field = make("textarea", { "aria-label": label, rows: Math.min(12, message.text.split("\n").length + 1) });
    field.value = message.text;
    const close = () => {
      this.editing = "";
      this.shown.delete(message.key);
      this.user(place, message);
      this.shown.set(message.key, { place, now: "" });
      place.querySelector(".edit").focus();
    };
    const save = () => {
      const text = field.value;
      close();
      this.act("edit", message.id, text);
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        close();
      }
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        save();
      }
    });
    place.querySelector(".said").replaceWith(field);
    place.querySelector(".actions").replaceChildren(
      make("small", { class: "quiet" }, say("web_edit_info")),
      make("button", { type: "button", onclick: save }, say("form_save")),
      make("button", { type: "button", onclick: close }, say("form_cancel")),
    );
    // What is written in is seen whole, even where the newest answer is followed.
    this.follows = false;
    field.focus();
    place.scrollIntoView({ block: "nearest" });
  }

  editLast() {
    [...this.log.querySelectorAll(".message.user .edit")].at(-1)?.click();
  }

  async copy(button) {
    if (!button) return;
    const code = button.dataset.copies === "code";
    const text = code
      ? button.closest(".code").querySelector("code").textContent
      : button.closest(".message").written;
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      // Over http from another machine there is no clipboard to write to but by a selection.
      const field = make("textarea", { class: "hidden" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    toast(say("web_copied"));
  }
}
