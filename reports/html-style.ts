/**
 * The style sheet of the HTML report. Colours are those of Okabe and Ito, told apart by colour-blind readers, and no
 * meaning hangs on colour alone. Light or dark follows the reader's system; paper is always light.
 */

const LIGHT = `
--paper:#fff;--card:#f6f7f9;--ink:#16191d;--quiet:#59616b;--rule:#d9dde2;--grid:#e6e9ed;
--pass:#00694d;--pass-bg:#e2f3ec;--fail:#a83c00;--fail-bg:#fdebe1;--odd:#6b5200;--odd-bg:#fdf3d3;
--arrivals:#aab4c0;--completions:#0072b2;--slots:#009e73;--limit:#c2410c;--queue:#a8588b;
--p50:#56a5d8;--p95:#0072b2;--p99:#00314f;--refused:#d55e00;--shade:#e69f00;--hits:#8a5a00;--halo:#fff;`

const DARK = `
--paper:#14171b;--card:#1d2227;--ink:#e8eaed;--quiet:#a0a8b2;--rule:#363d45;--grid:#2a3037;
--pass:#5fd3a8;--pass-bg:#12332a;--fail:#ff9d66;--fail-bg:#40200f;--odd:#f3cd5a;--odd-bg:#3a300e;
--arrivals:#5d6875;--completions:#56b4e9;--slots:#18a57d;--limit:#ff8a50;--queue:#cc79a7;
--p50:#2f79ad;--p95:#56b4e9;--p99:#cbe8fa;--refused:#ef7b25;--shade:#e69f00;--hits:#f0b53c;--halo:#14171b;`

const TEXT = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:1.45rem;line-height:1.25;margin:.1em 0 .3em}
h2{font-size:1.15rem;margin:2.2em 0 .5em;padding-top:.7em;border-top:1px solid var(--rule)}
h3{font-size:1rem;margin:1.4em 0 .4em}
p{margin:.4em 0}
.quiet{color:var(--quiet)}
.trial{color:var(--quiet);font-size:.9rem;margin:0}
code,.code{font:.86em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
pre.code{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:8px 12px;margin:.5em 0;white-space:pre-wrap}
a{color:var(--completions)}
td.words,li,p,dd,dt,h1,h4,summary{overflow-wrap:anywhere}
nav{font-size:.9rem;margin:1em 0 0;display:flex;flex-wrap:wrap;gap:2px 14px}
dl.terms{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:.6em 0}
dl.terms dt{font-weight:600}dl.terms dd{margin:0}
footer{margin-top:2.5em;color:var(--quiet);font-size:.85rem}`

const BLOCKS = `
.verdict{border-left:6px solid;border-radius:6px;padding:14px 18px;margin:12px 0;font-size:1.15rem}
.verdict b{margin-right:.35em}
.verdict.pass{background:var(--pass-bg);border-color:var(--pass)}.verdict.pass b{color:var(--pass)}
.verdict.fail{background:var(--fail-bg);border-color:var(--fail)}.verdict.fail b{color:var(--fail)}
.verdict.untrusted{background:var(--odd-bg);border-color:var(--odd)}.verdict.untrusted b{color:var(--odd)}
.figures{display:grid;grid-template-columns:1.35fr repeat(4,1fr);gap:10px;padding:0;margin:14px 0;list-style:none}
.figures li{background:var(--card);border-radius:6px;padding:10px 12px;display:flex;flex-direction:column}
.figures strong{font-size:1.35rem;line-height:1.2;font-variant-numeric:tabular-nums;overflow-wrap:normal}
.figures span,.figures small,.verdict{text-wrap:pretty}.figures span{font-size:.86rem}.figures small{color:var(--quiet);font-size:.8rem;margin-top:3px}
.mark{display:inline-block;white-space:nowrap;font-size:.82rem;font-weight:600;border-radius:4px;padding:0 7px}
.mark.pass{color:var(--pass);background:var(--pass-bg)}.mark.fail{color:var(--fail);background:var(--fail-bg)}
.mark.other{color:var(--odd);background:var(--odd-bg)}
.wide{overflow-x:auto;margin:.5em 0}
table{border-collapse:collapse;font-size:.9rem;min-width:100%}
table.small{min-width:0}
th,td{text-align:left;vertical-align:top;padding:5px 14px 5px 0;border-bottom:1px solid var(--rule)}
th{font-weight:600;color:var(--quiet)}thead th{vertical-align:bottom;line-height:1.3}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td code{overflow-wrap:break-word}.case td code{overflow-wrap:anywhere}td.words{min-width:9em}tbody th{white-space:nowrap}
.group th{border-bottom:0;padding-bottom:0}
th.kind,td.kind{border-left:1px solid var(--rule);padding-left:14px}
.check{margin:.7em 0}.check ul{margin:.3em 0 .3em 1.2em;padding:0}
summary{cursor:pointer;color:var(--quiet)}
.case{border:1px solid var(--rule);border-radius:6px;padding:10px 14px;margin:12px 0}
.case h4{margin:0 0 .2em;font-size:.98rem}
.case p{margin:.25em 0}
.case td{white-space:pre-wrap}`

const CHARTS = `
.stack{position:relative;margin:12px 0;padding:0;touch-action:pan-y;--gutter:56px;--edge:22px}
.stack:focus-visible{outline:2px solid var(--completions);outline-offset:6px}
.moment{margin:0;font-weight:600;min-height:1.5em;font-size:.9rem;text-align:right;padding-right:var(--edge)}
.panel{margin:0 0 16px}
figcaption{font-size:.84rem;display:flex;flex-wrap:wrap;gap:0 16px;margin-bottom:8px}
.key{color:var(--quiet)}.key output{display:inline-block;color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}
.swatch{display:inline-block;width:14px;height:9px;border-radius:2px;margin-right:3px}.swatch.extra{display:none}.extra:has(output:empty){visibility:hidden}
.swatch.completions,.swatch.p50,.swatch.p95,.swatch.p99{height:3px;vertical-align:middle}
.swatch.hits{width:2px;height:10px}
.plot{position:relative;padding:0 var(--edge) 0 var(--gutter)}
.area{position:relative}
.panel svg{display:block;width:100%;height:104px;overflow:visible}
.ys span,.times span{position:absolute;font-size:.72rem;color:var(--quiet);white-space:nowrap;font-variant-numeric:tabular-nums}
.ys{position:absolute;left:0;top:0;bottom:0;width:calc(var(--gutter) - 8px)}
.ys span{right:0;transform:translateY(50%);line-height:1}
.times{height:20px}.times .area{height:20px}.times span{transform:translateX(-50%)}
path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.grid{stroke:var(--grid);stroke-width:1}
.shade{fill:var(--shade);fill-opacity:.13}.swatch.shade{background:var(--shade);opacity:.4}
.limit{stroke:var(--limit);stroke-width:1.5;stroke-dasharray:6 4}
.limit-label{position:absolute;right:4px;font-size:.74rem;font-weight:600;color:var(--limit);line-height:1.25}
.limit-label,.nothing{text-shadow:0 0 3px var(--halo),0 0 3px var(--halo),0 0 3px var(--halo)}
.nothing{position:absolute;inset:0;display:grid;place-items:center;color:var(--quiet);font-size:.86rem}
.area>svg .arrivals{fill:var(--arrivals);fill-opacity:.75}.swatch.arrivals{background:var(--arrivals)}
.area>svg .completions{stroke:var(--completions);stroke-width:2}.swatch.completions{background:var(--completions)}
.area>svg .slots{fill:var(--slots);fill-opacity:.6}.swatch.slots{background:var(--slots)}
.area>svg .queue{fill:var(--queue);fill-opacity:.6}.swatch.queue{background:var(--queue)}
.area>svg .refused{fill:var(--refused);fill-opacity:.85}.swatch.refused{background:var(--refused)}
.curve,.dot{stroke-linecap:round}
.area>svg .p50{stroke:var(--p50);stroke-width:2}.swatch.p50{background:var(--p50)}
.area>svg .p95{stroke:var(--p95);stroke-width:2}.swatch.p95{background:var(--p95)}
.area>svg .p99{stroke:var(--p99);stroke-width:1.5}.swatch.p99{background:var(--p99)}
.area>svg .dot{stroke-width:6}
.hits{stroke:var(--hits);stroke-width:1.5}.swatch.hits{background:var(--hits)}
.lane{position:relative;height:19px;font-size:.74rem;line-height:17px}
.lane .bar{position:absolute;top:1px;height:16px;min-width:2px;background:var(--shade);opacity:.38;border-radius:3px}
.lane span{position:absolute;max-width:100%;padding:0 6px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.panel .hits-lane svg{height:18px}
.cursor{position:absolute;top:1.6em;bottom:20px;width:1px;background:var(--ink);opacity:.7;pointer-events:none;
left:calc(var(--gutter) + (100% - var(--gutter) - var(--edge)) * var(--share))}`

const MEDIA = `
@media screen and (max-width:820px){.figures{grid-template-columns:repeat(2,1fr)}.figures li:first-child{grid-column:1/-1}}
@media screen and (max-width:560px){main{padding:14px 14px 40px}.stack{--gutter:46px;--edge:16px}.times .odd{display:none}
h1{font-size:1.25rem}.verdict{font-size:1.05rem;padding:12px 14px}
dl.terms{grid-template-columns:1fr;gap:0}dl.terms dd{margin-bottom:.6em}figcaption{gap:0 10px}}
@page{margin:14mm}
@media print{:root{${LIGHT}}body{font-size:11px}main{max-width:none;padding:0}nav,.moment{display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.panel,.case,.check,tr,.figures li,.verdict{break-inside:avoid}h2,h3,thead{break-after:avoid}
.wide{overflow:visible}details::details-content{content-visibility:visible;display:block;block-size:auto}a{color:inherit}}`

/** The whole style sheet. */
export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}${TEXT}${BLOCKS}${CHARTS}${MEDIA}
`
