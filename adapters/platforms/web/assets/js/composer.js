// Where a question is written: it grows, keeps what was typed, takes files of text, and holds what it can't
// send until the bot is back.
import { byId, hexadecimal, make, toast } from "./dom.js";
import { say, told } from "./told.js";

const PASTED = 4000; // letters from which on what is pasted becomes a file
const LARGEST = 1000000;

export class Composer {
  // `ask` sends a text under an id that is the same each time it is sent.
  constructor(ask, editLast) {
    this.ask = ask;
    this.field = byId("question");
    this.files = [];
    this.conversation = "";
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
      if (event.key === "ArrowUp" && !this.field.value) {
        event.preventDefault();
        editLast();
      }
    });
    this.field.addEventListener("input", () => this.keep());
    this.field.addEventListener("paste", (event) => this.paste(event));
    byId("attach").addEventListener("click", () => byId("chosen").click());
    byId("chosen").addEventListener("change", (event) => {
      this.take([...event.target.files]);
      event.target.value = "";
    });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take([...event.dataTransfer.files]);
    });
  }

  open(conversation) {
    this.conversation = conversation;
    this.field.value = sessionStorage.getItem(`draft ${conversation}`) ?? "";
    this.files = [];
    this.drawFiles();
    for (const { id, text } of this.held()) this.ask(text, id);
  }

  keep() {
    sessionStorage.setItem(`draft ${this.conversation}`, this.field.value);
  }

  send() {
    const parts = this.files.map(({ name, text }) => `${name}\n\n${fenced(text)}`);
    const text = [this.field.value.trim(), ...parts].filter(Boolean).join("\n\n");
    if (!text) return;
    if (text.length > told.longest) {
      toast(say("web_too_long"));
      return;
    }
    this.field.value = "";
    this.files = [];
    this.drawFiles();
    this.keep();
    this.put(text);
  }

  // What is asked is kept until the bot has it, over a reload, too.
  put(text) {
    const id = hexadecimal(8);
    this.hold([...this.held(), { id, text }]);
    this.ask(text, id);
  }

  taken(conversation, id) {
    const name = `held ${conversation}`;
    const held = JSON.parse(sessionStorage.getItem(name) ?? "[]");
    sessionStorage.setItem(name, JSON.stringify(held.filter((each) => each.id !== id)));
  }

  held() {
    return JSON.parse(sessionStorage.getItem(`held ${this.conversation}`) ?? "[]");
  }

  hold(held) {
    sessionStorage.setItem(`held ${this.conversation}`, JSON.stringify(held));
  }

  paste(event) {
    const files = [...event.clipboardData.files];
    const text = event.clipboardData.getData("text/plain");
    if (files.length) {
      event.preventDefault();
      this.take(files);
    } else if (text.length > PASTED) {
      event.preventDefault();
      this.add(say("web_pasted"), text);
    }
  }

  async take(files) {
    for (const file of files) {
      if (file.size > LARGEST) {
        toast(say("web_file_large", { name: file.name }));
        continue;
      }
      try {
        const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
        if (text.includes("\0")) throw new TypeError("no text");
        this.add(file.name, text);
      } catch {
        toast(say("web_file_no_text", { name: file.name }));
      }
    }
  }

  add(name, text) {
    this.files.push({ name, text });
    this.drawFiles();
    this.field.focus();
  }

  drawFiles() {
    byId("files").replaceChildren(
      ...this.files.map((file) => {
        const remove = () => {
          this.files = this.files.filter((each) => each !== file);
          this.drawFiles();
          this.field.focus();
        };
        const label = say("web_file_remove", { name: file.name });
        const read = say("web_file_read", { name: file.name, count: file.text.length });
        return make("li", {}, read, make("button", { type: "button", "aria-label": label, onclick: remove }, "×"));
      }),
    );
  }
}

function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.replace(/\n$/, "")}\n${fence}`;
}
