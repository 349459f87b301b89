// Markdown -> elements. No HTML of a model's own gets through: markdown-it shows it as text, and what it makes
// goes through DOMPurify. Only blocks that are others than before are made anew.
import { unfinished } from "./unfinished.js";
import { base, say } from "./told.js";
import { rules } from "./rules.js";

const parser = rules(window.markdownit("default", { html: false, breaks: true, linkify: false }), say("button_copy"));
const CLEAN = {
  RETURN_DOM_FRAGMENT: true,
  ALLOWED_TAGS: [
    "a", "blockquote", "br", "button", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["class", "href", "rel", "start", "tabindex", "target", "title", "type", "data-copies", "data-align"],
  ALLOWED_URI_REGEXP: /^(https?|mailto):/i,
  ADD_URI_SAFE_ATTR: ["rel", "start", "tabindex", "target", "type"],
  ALLOW_ARIA_ATTR: false,
};
const made = new WeakMap();

// DOMPurify takes `target` away from links unless it is told that it is meant.
window.DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  }
});

// Show `text` in `body`; `growing`: it is not whole yet.
export function drawMarkdown(body, text, growing) {
  const blocks = html(growing ? unfinished(text) : text);
  const before = made.get(body) ?? [];
  let same = 0;
  while (same < blocks.length && same < before.length && blocks[same] === before[same].html) same += 1;
  for (const block of before.slice(same)) for (const node of block.nodes) node.remove();
  if (before.length === 0) body.replaceChildren();
  const now = before.slice(0, same);
  for (const block of blocks.slice(same)) {
    const fragment = window.DOMPurify.sanitize(block, CLEAN);
    const nodes = [...fragment.childNodes];
    body.append(fragment);
    now.push({ html: block, nodes, finished: false });
  }
  made.set(body, now);
  now.forEach((block, index) => {
    if (block.finished) return;
    block.finished = !growing || index < now.length - 1;
    for (const node of block.nodes) if (node.nodeType === Node.ELEMENT_NODE) finish(node, !block.finished);
  });
}

export function forget(body) {
  made.delete(body);
}

function html(text) {
  const environment = {};
  const blocks = [];
  let block = [];
  for (const token of parser.parse(text, environment)) {
    block.push(token);
    if (token.level === 0 && token.nesting <= 0) {
      blocks.push(parser.renderer.render(block, parser.options, environment));
      block = [];
    }
  }
  return blocks;
}

// Formulas and the colours of code come with libraries of their own, fetched where there are any.
function finish(node, growing) {
  for (const each of node.querySelectorAll(".math:not(.drawn)")) drawMath(each);
  if (!growing) for (const each of node.querySelectorAll('code[class^="language-"]:not(.drawn)')) colour(each);
}

let katex = null;
function drawMath(place) {
  katex ??= Promise.all([script(`${base}/vendor/katex.min.js`), style(`${base}/vendor/katex.min.css`)]);
  const tex = place.textContent;
  place.classList.add("drawn");
  katex.then(() => {
    window.katex.render(tex, place, {
      displayMode: place.classList.contains("display"),
      throwOnError: false,
      trust: false,
      maxExpand: 200,
      maxSize: 20,
      strict: "ignore",
      output: "htmlAndMathml",
    });
  }, () => place.classList.add("plain"));
}

let highlighter = null;
function colour(code) {
  highlighter ??= import(`${base}/vendor/highlight.min.js`);
  code.classList.add("drawn");
  highlighter.then(({ default: hljs }) => {
    const language = code.className.match(/language-(\S+)/)?.[1] ?? "";
    if (!hljs.getLanguage(language) || code.textContent.length > 50000) return;
    const { value } = hljs.highlight(code.textContent, { language, ignoreIllegals: true });
    code.replaceChildren(window.DOMPurify.sanitize(value, CLEAN));
  });
}

function script(address) {
  return loaded(Object.assign(document.createElement("script"), { src: address }));
}

function style(address) {
  return loaded(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));
}

function loaded(element) {
  return new Promise((done, failed) => {
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  });
}
