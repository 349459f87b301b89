// The list of conversations: by day, searched, deleted with a way back.
import { byId, make, toast } from "./dom.js";
import { say, told } from "./told.js";

const DAY = 86400000;
const days = new Intl.RelativeTimeFormat(told.language, { numeric: "auto" });
const dates = new Intl.DateTimeFormat(told.language, { day: "numeric", month: "long", year: "numeric" });

export class Conversations {
  // `open` shows one, `remove` deletes it for good, `texts` gives what was said in each, by its name.
  constructor(open, remove, texts) {
    this.texts = new Map();
    this.openOne = open;
    this.removeOne = remove;
    this.listed = [];
    this.open = "";
    this.going = new Map();
    // Deleted for good, and perhaps still in a list that was on its way: over a reload, too.
    this.gone = new Set(JSON.parse(sessionStorage.getItem("gone") ?? "[]"));
    this.now = "";
    byId("search").addEventListener("input", () => this.draw());
    byId("search").addEventListener("focus", async () => {
      this.texts = await texts();
      this.draw();
    });
    addEventListener("pagehide", () => {
      for (const [name, timer] of this.going) {
        clearTimeout(timer);
        this.forGood(name);
      }
      this.going.clear();
    });
  }

  show(listed, open) {
    this.listed = listed;
    this.open = open;
    this.draw();
  }

  title(name) {
    return this.listed.find((each) => each.name === name)?.title ?? "";
  }

  draw() {
    const wanted = byId("search").value.trim().toLowerCase();
    const there = this.listed.filter(
      ({ name, title }) =>
        !this.going.has(name) && !this.gone.has(name) && `${title}\n${this.texts.get(name) ?? ""}`.toLowerCase().includes(wanted),
    );
    const now = JSON.stringify([there, this.open]);
    if (now === this.now) return;
    this.now = now;
    const place = byId("conversations");
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    place.replaceChildren(...this.groups(there));
    if (!there.length) {
      place.append(make("p", { class: "none" }, say(wanted ? "web_nothing_found" : "web_no_conversations")));
    }
    if (focused) (place.querySelector(`[data-name="${focused}"]`) ?? byId("new")).focus();
  }

  groups(there) {
    const drawn = [];
    let day = "";
    let list = null;
    for (const each of there) {
      const named = dayOf(each.asked_at * 1000);
      if (named !== day) {
        list = make("ul");
        drawn.push(make("h2", {}, named), list);
        day = named;
      }
      list.append(this.row(each));
    }
    return drawn;
  }

  row({ name, title }) {
    const entry = make("button", { type: "button", class: "entry", "data-name": name, title }, title);
    if (name === this.open) entry.setAttribute("aria-current", "true");
    entry.addEventListener("click", () => this.openOne(name));
    const label = say("web_delete", { title });
    const remove = make("button", { type: "button", class: "delete", "aria-label": label, title: label }, "×");
    remove.addEventListener("click", () => this.remove(name));
    return make("li", {}, entry, remove);
  }

  // It goes from the list at once, and from the store when it can't be taken back any more.
  remove(name) {
    const really = () => {
      this.going.delete(name);
      this.forGood(name);
    };
    this.going.set(name, setTimeout(really, 8000));
    toast(say("web_deleted"), say("web_undo"), () => {
      clearTimeout(this.going.get(name));
      this.going.delete(name);
      this.draw();
    });
    this.draw();
    if (name === this.open) this.openOne("");
  }

  forGood(name) {
    this.gone.add(name);
    sessionStorage.setItem("gone", JSON.stringify([...this.gone].slice(-100)));
    this.removeOne(name);
  }
}

function dayOf(time) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(time)) / DAY);
  if (ago > 1) return dates.format(time);
  const named = days.format(-Math.max(0, ago), "day");
  return named[0].toUpperCase() + named.slice(1);
}
