// Fills in every link of our boards with what fills them in within Grafana, and says where each leads.
// Standard input: {boards, links, from, to, choices}. Standard output: {panels, lines, logs, units}.
// Started in a folder whose node_modules are Grafana's published packages.
"use strict";
const { createRequire } = require("module");
const need = createRequire(process.cwd() + "/");
for (const kind of [".css", ".svg"]) need.extensions[kind] = () => {};

// They expect a browser.
const { JSDOM } = need("jsdom");
const page = new JSDOM("<!doctype html>", { url: "https://grafana.example.org/" }).window;
const observer = class { observe() {} unobserve() {} disconnect() {} };
const media = { matches: false, addListener() {}, removeListener() {}, addEventListener() {}, removeEventListener() {} };
Object.assign(page, { matchMedia: () => media, ResizeObserver: observer, IntersectionObserver: observer, Path2D: observer });
const put = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
put("window", page);
for (const name of Object.getOwnPropertyNames(page)) {
  if (!(name in globalThis) || ["Event", "CustomEvent", "EventTarget", "navigator"].includes(name)) put(name, page[name]);
}
console.warn = console.error = () => {};
const scenes = need("@grafana/scenes");
const data = need("@grafana/data");

const { boards, links, from, to, choices } = JSON.parse(require("fs").readFileSync(0, "utf8"));

function scene(board, chosen) {
  const variables = board.templating.list.filter((each) => each.type === "query").map((each) => {
    const picked = chosen[each.name] || ["$__all"];
    const shared = { name: each.name, isMulti: each.multi, includeAll: each.includeAll, allValue: each.allValue };
    return new scenes.CustomVariable({ ...shared, query: "", value: picked, text: picked[0] === "$__all" ? ["All"] : picked });
  });
  return new scenes.EmbeddedScene({
    $timeRange: new scenes.SceneTimeRange({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }),
    $variables: new scenes.SceneVariableSet({ variables }),
    body: new scenes.SceneFlexLayout({ children: [] }),
  });
}

// As Grafana reads its own address.
const panes = (href) => {
  const query = data.urlUtil.parseKeyValue(href.split("?")[1] || "");
  // Its own links still use the older form, of one pane.
  return query.panes || (query.left ? `{"left":${query.left}}` : "");
};
const flat = (board) => board.panels.flatMap((each) => (each.type === "row" ? each.panels : [each]));
const found = { panels: [], lines: [], logs: [], units: [] };
const known = new Set(data.getValueFormats().flatMap((group) => group.submenu.map((each) => each.value)));

for (const board of boards) {
  for (const [choice, chosen] of Object.entries(choices)) {
    const on = scene(board, chosen);
    const filled = (text, scoped, format) => scenes.sceneGraph.interpolate(on, text, scoped, format);
    for (const panel of flat(board)) {
      const where = { board: board.uid, panel: panel.title, choice };
      for (const link of panel.links) {
        const href = filled(link.url);
        found.panels.push({ ...where, title: link.title, href, panes: panes(href) });
      }
      const own = panel.fieldConfig.defaults.links || [];
      if (!own.length) continue;
      const field = { name: "Value", type: "number", values: [1], labels: { service: "api-gateway" }, config: { links: own } };
      const frame = { fields: [field], length: 1 };
      const supplier = data.getLinksSupplier(frame, field, { __dataContext: { value: { frame, field, data: [frame] } } }, filled);
      for (const link of supplier({ valueRowIndex: 0 })) {
        found.lines.push({ ...where, title: link.title, href: link.href, panes: panes(link.href) });
      }
    }
  }
  for (const panel of flat(board)) {
    const unit = panel.fieldConfig.defaults.unit;
    if (!known.has(unit)) found.units.push(`${board.uid}, ${panel.title}: ${unit}`);
  }
}

const on = scene(boards[0], {});
for (const link of links) {
  const range = { from: data.dateTime(from), to: data.dateTime(to), raw: { from: data.dateTime(from), to: data.dateTime(to) } };
  const internal = { query: { query: link.url }, datasourceUid: link.datasourceUid, datasourceName: link.datasourceUid };
  const made = data.mapInternalLinkToExplore({
    link: { title: link.urlDisplayLabel, url: "", internal },
    internalLink: internal,
    scopedVars: { __value: { text: "Raw value", value: { raw: "4bf92f3577b34da6a3ce929d0e0e4736" } } },
    range,
    field: { name: link.field, config: {} },
    replaceVariables: (text, scoped, format) => scenes.sceneGraph.interpolate(on, text, scoped, format),
  });
  found.logs.push({ title: made.title, href: made.href, panes: panes(made.href) });
}
process.stdout.write(JSON.stringify(found), () => process.exit(0));
