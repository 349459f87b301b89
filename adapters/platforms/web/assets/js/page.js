// The page: what is open, what is done there, and what comes of it.
import { Composer } from "./composer.js";
import { Conversations } from "./conversations.js";
import { byId, download, hexadecimal, make } from "./dom.js";
import { drawMarkdown } from "./markdown.js";
import { Messages } from "./messages.js";
import { FirstSteps } from "./first-steps.js";
import { closePanels, dialog, onKeys, onPanels } from "./panels.js";
import { Stream, tell } from "./server.js";
import { Settings } from "./settings.js";
import { Speaker } from "./speaker.js";
import { say, speak, told } from "./told.js";

const NAME = /^[\w-]{1,40}$/;
const state = { conversation: "", messages: new Map(), keys: [], notice: null, busy: false, heard: true, held: false };
const speaker = new Speaker();

const messages = new Messages(act);
const composer = new Composer(ask, () => messages.editLast());
const conversations = new Conversations(open, (name) => tell("delete", { conversation: name }), texts);
const settings = new Settings(showModel);
const steps = new FirstSteps(showAway);
const stream = new Stream(change, (heard) => {
  if (heard && !state.heard) settings.load(); // it may have been started again, with another model
  state.heard = heard;
  showAway();
});

function draw() {
  const listed = state.keys.map((key) => state.messages.get(key));
  messages.draw(listed, state.notice);
  byId("send").hidden = state.busy;
  byId("stop").hidden = !state.busy;
  byId("download").hidden = listed.length === 0;
  speaker.hear(listed.at(-1));
}

function change(told) {
  if (told.whole) state.messages.clear();
  for (const message of told.messages ?? []) state.messages.set(message.key, message);
  for (const [key, begins, text] of told.grown ?? []) {
    const before = state.messages.get(key);
    state.messages.set(key, { ...before, text: before.text.slice(0, begins) + text });
  }
  if (told.keys) state.keys = told.keys;
  if (told.busy !== undefined) state.busy = told.busy;
  if (told.notice) state.notice = told.notice;
  if (told.listed) {
    conversations.show(told.listed, state.conversation);
    document.title = conversations.title(state.conversation) || say("home_title");
  }
  draw();
}

function open(name) {
  state.conversation = NAME.test(name) ? name : hexadecimal(8);
  Object.assign(state, { keys: [], notice: null, busy: false });
  state.messages.clear();
  history.replaceState(null, "", `#${state.conversation}`);
  document.title = say("home_title");
  messages.follows = true;
  stream.open(state.conversation);
  conversations.show(conversations.listed, state.conversation);
  composer.open(state.conversation);
  closePanels();
  if (matchMedia("(min-width: 1000px)").matches) byId("question").focus();
}

async function ask(text, id) {
  const { conversation } = state;
  messages.follow();
  const { notice } = await tell("ask", { conversation, text, id }, hold);
  composer.taken(conversation, id);
  await said(notice, conversation);
}

async function act(name, target = "", argument = "") {
  const { conversation } = state;
  if (name === "dismiss") {
    await said(null, conversation);
    byId("question").focus();
  } else if (name === "ask") composer.put(argument);
  else if (name === "edit") {
    const { notice } = await tell("edit", { conversation, target, text: argument }, hold);
    await said(notice?.outcome === "begun" ? null : notice, conversation);
  } else {
    const { notice } = await tell("press", { conversation, verb: name, target, argument }, hold);
    if (name === "why" && notice) await explain(notice.text);
    else await said(notice, conversation);
  }
}

// Everything that was said, as it can be exported, by the conversation's name.
async function texts() {
  const { notice } = await tell("press", { conversation: state.conversation, verb: "export" });
  if (!notice?.file) return new Map();
  const answer = await fetch(notice.file.address);
  const { conversations: all } = answer.ok ? await answer.json() : { conversations: [] };
  const of = ({ questions }) => questions.flatMap(({ question, answers }) => [question, ...answers]).join("\n");
  return new Map(all.map((each) => [each.channel.split(":").at(-1), of(each)]));
}

async function said(notice, conversation) {
  if (conversation !== state.conversation) return;
  state.notice = notice;
  draw();
  if (notice) {
    messages.follow();
    if (notice.outcome === "done") await settings.load(); // a setting can be changed in words, too
  }
}

async function explain(text) {
  const body = make("div", { class: "body message" });
  drawMarkdown(body, text, false);
  dialog(say("web_why"), body);
}

function hold(held) {
  state.held = held;
  showAway();
}

function showAway() {
  const away = byId("away");
  const why = state.held ? "web_held" : "web_away";
  away.textContent = say(steps.starting ? "web_steps_taken" : why);
  away.hidden = state.heard && !state.held && !steps.starting;
}

function showModel(values) {
  byId("model").replaceChildren(
    make("strong", {}, values.typed.model),
    values.host === "dry run" ? "" : make("span", { class: "quiet" }, say("web_model_host", { host: values.host })),
  );
  steps.show(values.host === "dry run");
}

// What stands behind the # names a conversation, or is the key that the terminal gave to whoever runs the bot.
function begin() {
  const named = location.hash.slice(1);
  const key = named.startsWith("setup=") ? named.slice("setup=".length) : "";
  open(key ? "" : named);
  steps.begin(key);
}

function save() {
  const turns = state.keys.map((key) => state.messages.get(key)).filter(({ role }) => role === "user" || role === "bot");
  const name = (conversations.title(state.conversation) || "conversation").replace(/[^\p{L}\p{N} -]/gu, "").slice(0, 60);
  const who = { user: say("web_you"), bot: "Mixtral" };
  const markdown = turns.map(({ role, text }) => `## ${who[role]}\n\n${text}\n`).join("\n");
  const plain = turns.map(({ role, id, text }) => ({ role, id, text }));
  const as = (kind, content, ending) => () => download(`${name}.${ending}`, kind, content);
  dialog(
    say("web_download"),
    make("div", { class: "choices" },
      make("button", { type: "button", onclick: as("text/markdown", markdown, "md") }, "Markdown"),
      make("button", { type: "button", onclick: as("application/json", JSON.stringify(plain, null, 1), "json") }, "JSON")),
  );
}

async function token() {
  const answer = await fetch(`/${told.language}/api/token`, { method: "POST" });
  const field = make("textarea", { readonly: true, rows: 4, "aria-label": say("web_token") });
  field.value = await answer.text();
  dialog(say("web_token"), make("div", {}, make("p", {}, say("web_token_info")), field));
  field.select();
}

function logOut(everywhere) {
  return async () => {
    await fetch(`/logout${everywhere}`, { method: "POST" });
    location.href = "/";
  };
}

speak(document);
onPanels();
onKeys({ stop: () => state.busy && act("stop") });
byId("new").addEventListener("click", () => open(""));
byId("stop").addEventListener("click", () => act("stop"));
byId("export").addEventListener("click", () => act("export"));
byId("forget").addEventListener("click", () => act("forget"));
byId("download").addEventListener("click", save);
byId("token").addEventListener("click", token);
byId("leave").hidden = !told.named;
byId("logout").addEventListener("click", logOut(""));
byId("logout-everywhere").addEventListener("click", logOut("?everywhere"));
addEventListener("hashchange", () => begin());
// A page that nobody looks at keeps no connection, of which a browser has six.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && !state.busy) stream.close();
  else if (!document.hidden && !stream.source) stream.open(state.conversation);
});
begin();
settings.load();
