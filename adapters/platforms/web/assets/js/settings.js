// The settings: one control for each, over all that it may be, and what differs from the defaults marked.
import { byId, make } from "./dom.js";
import { settings as read, tell } from "./server.js";
import { say, told } from "./told.js";

const DEFAULT = "default";
const RANDOM = "random";

export class Settings {
  // `shown` is told what is set whenever that is known anew.
  constructor(shown) {
    this.shown = shown;
    this.controls = new Map();
    this.values = null;
    const order = ["model", "preset", "system"];
    const place = ({ word }) => (order.includes(word) ? order.indexOf(word) : order.length);
    for (const setting of [...told.settings].sort((one, other) => place(one) - place(other))) {
      byId("settings").append(this.control(setting));
    }
    const back = make("button", { type: "button", onclick: () => this.back() }, say("web_defaults"));
    byId("settings").append(back);
  }

  control(setting) {
    const { word, kind, label, info } = setting;
    const field = this.field(setting);
    field.id = `field-${word}`;
    field.setAttribute("aria-describedby", `info-${word}`);
    field.addEventListener("change", () => this.typed(setting));
    const box = make(
      "div",
      { class: "setting", id: `set-${word}` },
      make("label", { for: field.id }, label),
      field,
      setting.random ? this.random(setting, field) : null,
      make("p", { class: "quiet", id: `info-${word}` }, info),
    );
    if (kind === "model") box.append(make("p", { class: "quiet", id: "card" }));
    this.controls.set(word, { field, box, setting });
    return box;
  }

  field({ kind, low, high, step, choices }) {
    if (kind === "text") return make("textarea", { rows: 3, placeholder: say("web_system_hint") });
    if (kind === "number") return make("input", { type: "number", min: low, max: high, step, inputmode: "decimal" });
    const options = choices.map(([label, value]) => make("option", { value }, label));
    return make("select", {}, ...options);
  }

  random(setting, field) {
    const tick = make("input", { type: "checkbox", id: "random" });
    tick.addEventListener("change", () => {
      field.disabled = tick.checked;
      this.save(setting.word, tick.checked ? RANDOM : DEFAULT);
    });
    return make("label", { class: "tick" }, tick, say("web_random"));
  }

  async load() {
    const values = await read();
    if (values) this.show(values);
  }

  show(values) {
    this.values = values;
    for (const [word, { field, box, setting }] of this.controls) {
      if (document.activeElement === field && field.matches("textarea, input") && field.value !== field.dataset.known) continue;
      if (setting.kind === "model") {
        field.replaceChildren(...values.models.map((name) => make("option", { value: name }, name)));
      }
      const value = this.value(word);
      field.value = value === RANDOM ? "" : value;
      field.dataset.known = field.value;
      if (setting.random) {
        field.disabled = value === RANDOM;
        byId("random").checked = value === RANDOM;
      }
      box.classList.toggle("own", values.own.includes(word));
      box.classList.remove("wrong");
      field.removeAttribute("aria-invalid");
      if (values.infos[word]) byId(`info-${word}`).textContent = values.infos[word];
    }
    byId("card").textContent = values.model.replace(/\*\*|\\/g, "");
    this.shown(values);
  }

  value(word) {
    if (word === "preset") return this.values.preset;
    if (word === "language") return this.values.language;
    return this.values.typed[word];
  }

  async typed({ word, kind }) {
    const { field } = this.controls.get(word);
    const text = field.value.trim();
    if (text === field.dataset.known) return;
    const asked = word === "language" && text === "browser" ? DEFAULT : text || DEFAULT;
    await this.save(word, asked);
    if (word === "language") location.href = `/${location.hash}`; // it is another page
    if (kind === "preset") await this.load();
  }

  async save(word, value) {
    const { notice } = await tell("save", { changes: { [word]: value } });
    if (!notice) return;
    const { field, box } = this.controls.get(word);
    byId("said").textContent = notice.text;
    if (notice.outcome === "refused" || notice.outcome === "failed") {
      box.classList.add("wrong");
      field.setAttribute("aria-invalid", "true");
      byId(`info-${word}`).textContent = `⚠ ${notice.text}`;
      return;
    }
    field.dataset.known = field.value;
    await this.load();
  }

  async back() {
    const words = [...this.controls.keys()].filter((word) => word !== "language");
    const changes = Object.fromEntries(words.map((word) => [word, DEFAULT]));
    const { notice } = await tell("save", { changes });
    if (notice) byId("said").textContent = notice.text;
    document.activeElement?.blur();
    await this.load();
  }
}
