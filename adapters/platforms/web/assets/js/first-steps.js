// From a dry run to a model: who has opened the terminal's link tries one here, and the bot starts again with it.
import { byId, make, toast } from "./dom.js";
import { dialog } from "./panels.js";
import { tell } from "./server.js";
import { say, told } from "./told.js";

const TOKENS = "https://huggingface.co/settings/tokens";

export class FirstSteps {
  // `changed` is told when the bot begins to start again, and when it has.
  constructor(changed) {
    this.changed = changed;
    this.dry = false;
    this.operator = false;
    this.starting = false;
    byId("steps").addEventListener("click", () => this.open());
  }

  // `key`: what the link has; "": it was opened before, perhaps.
  async begin(key) {
    if (!told.steps) {
      if (key) toast(say("web_steps_used"));
      return;
    }
    const { operator } = await tell("steps/open", { key });
    this.operator = operator === true;
    if (this.operator && key) this.open();
    else if (key) toast(say("web_steps_used"));
    this.draw();
  }

  show(dry) {
    if (this.starting && !dry) {
      this.starting = false;
      byId("dialog").close();
      toast(say("web_steps_done"));
      byId("question").focus();
      this.changed();
    }
    this.dry = dry;
    this.draw();
  }

  draw() {
    byId("dry").hidden = !this.dry;
    byId("dry").querySelector("p").textContent = say(this.operator ? "web_dry_run_yours" : "web_dry_run");
    byId("steps").hidden = !this.operator;
  }

  open() {
    this.found = make("div", { class: "found" });
    this.said = make("div", { role: "status", class: "tried" });
    this.longer = make("input", { type: "checkbox", id: "steps-longer", checked: true, "aria-describedby": "steps-why" });
    dialog(
      say("web_steps_title"),
      make("div", { class: "steps" },
        this.said,
        make("h3", {}, say("web_steps_here")),
        this.found,
        this.form("web_steps_server", [["url", "web_steps_url", "url"], ["api_key", "web_steps_key", "password"]]),
        this.form("web_steps_hub", [["token", "web_steps_token", "password"]],
          make("a", { href: TOKENS, target: "_blank", rel: "noopener noreferrer" }, say("web_steps_tokens"))),
        make("label", { class: "tick" }, this.longer, say("web_steps_longer")),
        make("p", { class: "quiet", id: "steps-why" }, say("web_steps_longer_why"))),
    );
    this.look();
  }

  async look() {
    this.found.replaceChildren(make("p", { class: "quiet" }, say("web_steps_looking")));
    const { servers = [] } = await tell("steps/look", {});
    const again = make("button", { type: "button", onclick: () => this.look() }, say("web_steps_again"));
    this.found.replaceChildren(
      ...(servers.length ? servers.map((server) => this.server(server)) : [make("p", { class: "quiet" }, say("web_steps_none")), again]),
    );
  }

  server({ title, url, models }) {
    const model = make("select", { "aria-label": say("web_steps_model", { title }) }, ...models.map((name) => make("option", { value: name }, name)));
    const likely = models.find((name) => /mixtral/i.test(name));
    if (likely) model.value = likely;
    const use = () => this.take({ url, model: model.value });
    return make("div", { class: "server" },
      make("span", {}, `${url.replace("http://", "")}${models.length === 1 ? ` · ${models[0]}` : ""}`),
      models.length > 1 ? model : null,
      make("button", { type: "button", class: "primary use", onclick: use }, say("web_steps_use", { title })));
  }

  form(title, fields, more = null) {
    const inputs = fields.map(([name, label, type]) => {
      const field = make("input", { id: `steps-${name}`, name, type: type === "url" ? "text" : type, inputmode: type === "url" ? "url" : null,
        autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
      return make("div", {}, make("label", { for: `steps-${name}` }, say(label)), field);
    });
    const submit = (event) => {
      event.preventDefault();
      this.take(Object.fromEntries(new FormData(event.target)));
    };
    return make("form", { onsubmit: submit }, make("h3", {}, say(title)), ...inputs,
      make("div", { class: "choices" }, make("button", { type: "submit" }, say("web_steps_try")), more));
  }

  async take(choice) {
    const buttons = [...byId("dialog").querySelectorAll("button:not(.close)")];
    const enable = (enabled) => buttons.forEach((button) => (button.disabled = !enabled));
    enable(false);
    this.tells("quiet", say("web_steps_trying"));
    const { taken, findings = [] } = await tell("steps/take", { ...choice, longer: this.longer.checked ? "yes" : "" });
    if (taken) {
      this.starting = true;
      this.tells("quiet", say("web_steps_taken"));
      this.changed();
      return;
    }
    enable(true);
    // They are the doctor's, which speaks English alone.
    this.tells("wrong", ...findings.map(({ text, remedy }) => make("span", { lang: "en" }, `⚠ ${text} ${remedy} `)));
  }

  tells(kind, ...words) {
    this.said.replaceChildren(make("p", { class: kind }, ...words));
    this.said.scrollIntoView({ block: "nearest" });
  }
}
