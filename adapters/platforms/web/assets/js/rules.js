// What markdown-it draws otherwise than by itself: links say where they lead, pictures are links, code has its
// language and a button, formulas and tasks are known.

const SCHEMES = /^(https?|mailto):/i;
const LANGUAGE_LENGTH = 30;

export function rules(parser, copy) {
  const { escapeHtml } = parser.utils;
  const renderer = parser.renderer.rules;

  parser.validateLink = (url) => SCHEMES.test(url.trim());
  parser.inline.ruler.before("escape", "formula", formula);
  parser.block.ruler.before("fence", "formulas", formulas, { alt: ["paragraph", "reference", "blockquote", "list"] });
  parser.core.ruler.after("inline", "tasks", tasks);

  renderer.link_open = (tokens, index) => opening(tokens[index].attrGet("href") ?? "");
  renderer.link_close = (tokens, index) => {
    let start = index;
    while (tokens[start].type !== "link_open") start -= 1;
    const said = tokens.slice(start, index).map((token) => token.content).join("");
    return `</a>${where(tokens[start].attrGet("href") ?? "", said)}`;
  };
  renderer.image = (tokens, index) => {
    const url = tokens[index].attrGet("src") ?? "";
    const said = tokens[index].content;
    return `${opening(url)}${escapeHtml(said || url)}</a>${where(url, said)}`;
  };
  renderer.fence = (tokens, index) => code(tokens[index].content, tokens[index].info.trim().split(/\s+/)[0]);
  renderer.code_block = (tokens, index) => code(tokens[index].content, "");
  renderer.table_open = () => '<div class="table" tabindex="0"><table>';
  renderer.table_close = () => "</table></div>";
  // Alignment comes as a style, which the page's policy forbids.
  const cell = (tag) => (tokens, index) => {
    const align = /text-align:(\w+)/.exec(tokens[index].attrGet("style") ?? "")?.[1];
    return align ? `<${tag} data-align="${align}">` : `<${tag}>`;
  };
  renderer.th_open = cell("th");
  renderer.td_open = cell("td");
  renderer.formula = (tokens, index) => {
    const { content, markup } = tokens[index];
    const kind = markup === "display" ? "math display" : "math";
    return `<span class="${kind}">${escapeHtml(content)}</span>`;
  };
  renderer.formulas = (tokens, index) => `<p>${renderer.formula(tokens, index)}</p>`;

  function opening(url) {
    return `<a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer nofollow" title="${escapeHtml(url)}">`;
  }

  function where(url, said) {
    if (said.trim() === url) return "";
    let host = url;
    try {
      // Without what stands before an @: there, a link can look as if it led somewhere else.
      const parts = new URL(url);
      host = parts.hostname || parts.pathname;
    } catch {
      host = url;
    }
    return ` <span class="where">(${escapeHtml(host)})</span>`;
  }

  function code(text, named) {
    const language = named.slice(0, LANGUAGE_LENGTH);
    const known = /^[\w+#-]+$/.test(language) ? ` class="language-${language.toLowerCase()}"` : "";
    return (
      `<div class="code"><div class="bar"><span>${escapeHtml(language)}</span>` +
      `<button type="button" data-copies="code">${escapeHtml(copy)}</button></div>` +
      `<pre tabindex="0"><code${known}>${escapeHtml(text)}</code></pre></div>`
    );
  }
  return parser;
}

const INLINE = [["\\(", "\\)", ""], ["\\[", "\\]", "display"], ["$$", "$$", "display"]];

function formula(state, silent) {
  for (const [opening, closing, markup] of INLINE) {
    if (state.src.startsWith(opening, state.pos)) {
      const ends = state.src.indexOf(closing, state.pos + 2);
      if (ends < 0 || ends > state.posMax) return false;
      return push(state, silent, state.src.slice(state.pos + 2, ends), markup, ends + 2);
    }
  }
  // A dollar alone is one only where what it holds looks like a formula: prices are none.
  if (state.src[state.pos] !== "$") return false;
  const match = /^\$(?![\s$\d])((?:\\.|[^$\\\n])*[^\s$\\])\$(?!\d)/.exec(state.src.slice(state.pos, state.posMax));
  if (!match || !(/[\\^_={}]/.test(match[1]) || match[1].length === 1)) return false;
  return push(state, silent, match[1], "", state.pos + match[0].length);
}

function push(state, silent, content, markup, ends) {
  if (!silent) Object.assign(state.push("formula", "span", 0), { content: content.trim(), markup });
  state.pos = ends;
  return true;
}

// Formulas that stand alone, over one line or several.
function formulas(state, begins, ends, silent) {
  const line = state.getLines(begins, begins + 1, state.blkIndent, false).trim();
  const pair = INLINE.find(([opening, , markup]) => markup && line.startsWith(opening));
  if (!pair) return false;
  let last = begins;
  let text = line.slice(2);
  while (!text.includes(pair[1])) {
    last += 1;
    if (last >= ends || state.isEmpty(last)) return false;
    text += `\n${state.getLines(last, last + 1, state.blkIndent, false)}`;
  }
  const [content, after] = text.split(pair[1]);
  if (after.trim()) return false;
  if (silent) return true;
  const token = Object.assign(state.push("formulas", "", 0), { content: content.trim(), markup: "display" });
  token.map = [begins, last + 1];
  state.line = last + 1;
  return true;
}

function tasks(state) {
  state.tokens.forEach((token, index) => {
    if (token.type !== "inline" || state.tokens[index - 2]?.type !== "list_item_open") return;
    const [first] = token.children;
    if (first?.type !== "text" || !/^\[[ xX]\] /.test(first.content)) return;
    state.tokens[index - 2].attrJoin("class", "task");
    first.content = first.content.replace(/^\[ \] /, "☐ ").replace(/^\[[xX]\] /, "☑ ");
  });
}
