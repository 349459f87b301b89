// Says a growing answer to those who hear the page: whole sentences, each once.
import { byId } from "./dom.js";
import { say } from "./told.js";

export class Speaker {
  constructor() {
    this.key = "";
    this.said = 0;
  }

  hear(message) {
    if (message?.role !== "bot") return;
    if (message.key !== this.key) {
      this.key = message.key;
      // What stood there already when the page was opened is read where it stands.
      this.said = message.growing ? 0 : message.text.length;
      if (message.growing) byId("spoken").textContent = say("web_thinking");
      return;
    }
    if (message.text.length < this.said) this.said = 0;
    const rest = message.text.slice(this.said);
    const whole = message.growing ? /^[^]*[.!?:\n](?=\s)/.exec(rest)?.[0] ?? "" : rest;
    if (!whole) return;
    this.said += whole.length;
    byId("spoken").textContent = whole.replace(/[*_`#|>~]+/g, " ").trim();
  }
}
