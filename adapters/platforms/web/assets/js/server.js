// What the page tells the server and asks of it, and what stands in a conversation, as it comes.
import { told } from "./told.js";

const HERE = `/${told.language}/api/`;
const AGAIN = 2000;

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// What came of it. While the bot is away, it is said to `held` and told again until it is back.
export async function tell(what, body, held = () => {}) {
  for (;;) {
    try {
      const answer = await fetch(HERE + what, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        keepalive: what === "delete", // it is told as the page is left, too
      });
      if (answer.status === 401) location.href = "/";
      if (answer.ok) {
        held(false);
        return await answer.json();
      }
      if (answer.status < 500) {
        held(false);
        return { notice: { role: "notice", key: "notice", text: await answer.text(), outcome: "failed", buttons: [] } };
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it is no fault of the network
    }
    held(true);
    await wait(AGAIN);
  }
}

export async function settings() {
  try {
    const answer = await fetch(HERE + "settings");
    if (answer.status === 401) location.href = "/";
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// Brings what stands in a conversation to `change`; whether the bot can be heard, to `heard`.
export class Stream {
  constructor(change, heard) {
    this.change = change;
    this.heard = heard;
    this.source = null;
    this.conversation = "";
    this.again = 0;
  }

  open(conversation) {
    this.close();
    this.conversation = conversation;
    this.source = new EventSource(`${HERE}watch?conversation=${conversation}`);
    this.source.onopen = () => this.heard(true);
    this.source.onmessage = (event) => {
      if (conversation === this.conversation) this.change(JSON.parse(event.data));
    };
    this.source.onerror = () => {
      this.heard(false);
      if (this.source?.readyState !== EventSource.CLOSED) return;
      // It was refused: by a login that has ended, or a bot that is just starting.
      clearTimeout(this.again);
      this.again = setTimeout(async () => {
        await settings();
        if (this.source) this.open(this.conversation);
      }, AGAIN);
    };
  }

  close() {
    clearTimeout(this.again);
    this.source?.close();
    this.source = null;
  }
}
