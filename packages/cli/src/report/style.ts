/** How a report looks: quiet, in light and dark, on a phone and on paper. */
import { Html } from "./html.ts";

/**
 * The colours of data are those of M. Okabe and K. Ito, "Color universal design", 2008, which people of every colour vision
 * tell apart: blue #0072b2 and vermilion #d55e00 on light paper, sky blue #56b4e9 and orange #e69f00 on dark. Lines differ in
 * their dashes too.
 */
const LIGHT = `--paper:#fdfcfa;--raised:#f5f3ee;--ink:#1d1e20;--soft:#5a5d63;--rule:#e2dfd8;--accent:#005f95;
--one:#0072b2;--two:#d55e00;--good:#00694c;--bad:#a84400;--heat-most:62%;--on-heat:#141517;--shade:#1d1e2026;`;
const DARK = `--paper:#141619;--raised:#1c1f23;--ink:#e7e5e0;--soft:#a6a9af;--rule:#30343a;--accent:#7cc4ee;
--one:#56b4e9;--two:#e69f00;--good:#45c79b;--bad:#f0955a;--heat-most:66%;--on-heat:#ffffff;--shade:#ffffff26;`;

export const STYLE = new Html(`
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{color-scheme:light;${LIGHT}--paper:#fff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0 auto;padding:0 1.125rem;max-width:82rem;background:var(--paper);color:var(--ink);
font:400 1rem/1.6 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans","DejaVu Sans",sans-serif}
h1,.lead{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,"Noto Serif","DejaVu Serif",serif}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem .6rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
h1,p,li,dd{overflow-wrap:break-word}
.long{overflow-wrap:anywhere}td .long,th .long{display:inline-block;min-width:12rem}
small{font-size:.8125em;color:var(--soft)}
header{padding:2.5rem 0 1.25rem}
.kind{margin:0;font-size:.8125rem;letter-spacing:.08em;text-transform:uppercase;color:var(--soft)}
h1{margin:.35rem 0 .5rem;font-weight:500;font-size:clamp(1.7rem,1.2rem + 2.2vw,2.7rem);line-height:1.15;letter-spacing:-.012em;text-wrap:balance}
h1 em{font-style:normal;color:var(--accent)}h1 span{color:var(--soft)}
.byline{margin:0;color:var(--soft)}
nav{border-block:1px solid var(--rule);padding:.65rem 0;font-size:.9rem}
nav ol{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
nav a{color:var(--soft);text-decoration:none}nav a:hover{color:var(--accent);text-decoration:underline}
section{padding:2.25rem 0 .5rem}section+section{border-top:1px solid var(--rule)}
section{margin-bottom:1.5rem}
h2{margin:0 0 .9rem;font-size:1.3125rem;font-weight:650;line-height:1.25;letter-spacing:-.01em}
h3{margin:2rem 0 .6rem;font-size:1.03rem;font-weight:650}
p{margin:0 0 1rem;max-width:68ch}
.lead{font-size:clamp(1.2rem,1.05rem + .75vw,1.55rem);line-height:1.45;max-width:46ch;text-wrap:pretty}
.lead .number{color:var(--accent)}
b{font-weight:650}
.note,.what,.absent,footer{color:var(--soft);font-size:.9rem}
.absent{border-left:3px solid var(--rule);padding-left:.8rem}
.caution{border-left:3px solid var(--two);padding-left:.8rem}
.terms{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr));gap:0 1.75rem;margin:1.75rem 0 0}
.terms div{border-top:1px solid var(--rule);padding:.75rem 0 1.1rem}
.terms dt{font-size:.875rem;font-weight:600}
.terms dd{margin:0;font-size:.875rem;line-height:1.45;color:var(--soft)}
.terms .value{font-size:1.5rem;line-height:1.35;color:var(--ink);font-variant-numeric:tabular-nums;letter-spacing:-.01em;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:0 0 1rem;scrollbar-width:thin;
background:linear-gradient(90deg,var(--paper) 40%,transparent) 0 0/2.5rem 100% no-repeat local,
linear-gradient(-90deg,var(--paper) 40%,transparent) 100% 0/2.5rem 100% no-repeat local,
linear-gradient(90deg,var(--shade),transparent) 0 0/.8rem 100% no-repeat scroll,
linear-gradient(-90deg,var(--shade),transparent) 100% 0/.8rem 100% no-repeat scroll}
table{border-collapse:collapse;font-size:.9rem;line-height:1.4;min-width:min(100%,24rem)}
th,td{padding:.5rem 1.35rem .5rem 0;text-align:start;vertical-align:top;border-bottom:1px solid var(--rule);font-weight:400}
tr>:last-child{padding-right:.25rem}
thead th{font-size:.8125rem;font-weight:600;color:var(--soft);vertical-align:bottom;border-bottom-color:var(--soft);white-space:nowrap}
thead th bdi{white-space:normal}
tbody th{font-weight:600;min-width:6.5rem;max-width:20rem}
td{max-width:24rem}
.number{font-variant-numeric:tabular-nums}
th.number,td.number{text-align:end;white-space:nowrap}
.wide{min-width:13rem}
.badge{display:inline-block;margin-left:.25rem;padding:0 .5em;border:1px solid currentColor;border-radius:1em;font-size:.72rem;font-weight:600;line-height:1.55;color:var(--accent);white-space:nowrap}
.badge.quiet{color:var(--soft)}.badge.good{color:var(--good);margin:0 .35rem 0 0}.badge.bad{color:var(--bad);margin:0 .35rem 0 0}
.none{color:var(--soft)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.875em}
.command{margin:0 0 1.25rem;padding:.9rem 1rem;background:var(--raised);border-radius:6px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.hash{overflow-wrap:anywhere}
.facts{margin:0}.facts div{display:grid;grid-template-columns:7rem 1fr;gap:.75rem;padding:.45rem 0;border-bottom:1px solid var(--rule)}
.facts dt{color:var(--soft);font-size:.9rem}.facts dd{margin:0;font-size:.9rem;min-width:0}
.findings{margin:0;padding:0;list-style:none}
.findings li{padding:.55rem 0 .55rem .9rem;border-left:3px solid var(--two);margin:0 0 .6rem;max-width:72ch;font-size:.95rem}
.findings .advice{color:var(--soft)}
.split{display:flex;gap:2px;height:.7rem;max-width:44rem;margin:0 0 .6rem}
.split i{min-width:3px;border-radius:1px;print-color-adjust:exact}
.split .training{background:var(--one)}
.split .validation{background:color-mix(in srgb,var(--one) 50%,var(--paper))}
.split .test{background:var(--two)}
.split-words{margin:0 0 1.5rem;padding:0;list-style:none;font-size:.9rem}
.split-words li::before{content:"";display:inline-block;width:.7em;height:.7em;margin-right:.55em;border-radius:1px;print-color-adjust:exact}
.split-words .training::before{background:var(--one)}
.split-words .validation::before{background:color-mix(in srgb,var(--one) 50%,var(--paper))}
.split-words .test::before{background:var(--two)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1.5rem 2.5rem;align-items:start}
.figure{margin:0 0 .5rem;max-width:30rem;min-width:0}
.beside{min-width:0}
figcaption{font-weight:600;font-size:.95rem;margin-bottom:.35rem}
.figure svg{display:block;width:100%;height:auto;overflow:visible;font:11.5px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,Arial,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
.figure .what{margin:.35rem 0 .5rem}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:0;padding:0;list-style:none;font-size:.85rem;color:var(--soft)}
.mark{display:inline-block;width:1.5em;margin-right:.45em;vertical-align:.25em;border-top:2.5px solid var(--one)}
.mark.two{border-top:2.5px dashed var(--two)}
.mark.rule{width:0;height:.95em;border:0;border-left:1.5px solid var(--soft);vertical-align:-.12em;margin:0 .6em 0 .3em}
.mark.dots{width:.7em;height:.7em;border:0;border-radius:50%;background:var(--one);vertical-align:-.02em}
summary{cursor:pointer;font-size:.85rem;color:var(--accent);width:fit-content}
details .scroll{margin-top:.5rem;max-height:22rem;overflow-y:auto}
.confusion{min-width:0;border-collapse:separate;border-spacing:2px}
.confusion th,.confusion td{border:0;padding:.45rem .6rem;text-align:center;vertical-align:middle;font-variant-numeric:tabular-nums}
.confusion tbody th{text-align:end;font-weight:600;max-width:11rem;min-width:0;line-height:1.25}
.confusion thead th{max-width:8rem;font-weight:600;white-space:normal;color:var(--ink)}
.confusion .corner{font-weight:400;color:var(--soft);white-space:nowrap}
.confusion td{min-width:4.25rem;border-radius:3px;background:var(--raised);print-color-adjust:exact}
.confusion td small{display:block;color:inherit;font-size:.72rem;opacity:.85}
.confusion .hit,.confusion .miss{background:color-mix(in srgb,var(--tint) calc((.15 + .85*var(--share))*var(--heat-most)),var(--paper));color:var(--on-heat)}
.confusion .hit{--tint:#0072b2}.confusion .miss{--tint:#d55e00;font-weight:650}
.confusion .zero{color:var(--soft)}
.confusion td.right,.confusion th.right{background:none;color:var(--soft);font-weight:400;min-width:0}
.confusion.narrow{font-size:.8rem}
.confusion.narrow td{min-width:2.5rem;padding:.3rem .25rem}
.confusion.narrow th{padding:.25rem .35rem}
.confusion.narrow tbody th{white-space:nowrap;max-width:9rem;overflow:hidden;text-overflow:ellipsis}
.confusion.narrow th bdi{display:inline;white-space:nowrap}
.confusion.narrow tbody th,.confusion.narrow .corner{position:sticky;left:0;background:var(--paper)}
.confusion.narrow thead th:not(:first-child) span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:9rem;overflow:hidden;white-space:nowrap;text-align:start}
footer{border-top:1px solid var(--rule);margin-top:2rem;padding:1rem 0 2.5rem}
@media (max-width:34rem){
.terms div{display:grid;grid-template-columns:1fr auto;column-gap:1rem;align-items:baseline}
.terms dd:last-child{grid-column:1/-1}
.terms .value{font-size:1.25rem}
}
@media (min-width:70rem){
body{display:grid;grid-template-columns:12.5rem minmax(0,1fr);column-gap:3.5rem;padding:0 2.5rem}
header,main,footer{grid-column:2}
nav{grid-column:1;grid-row:1/span 3;border:0;padding:0}
nav ol{position:sticky;top:2.7rem;margin-top:2.7rem;display:block;border-left:1px solid var(--rule)}
nav li{padding:.22rem 0 .22rem 1rem;line-height:1.35}
header{grid-row:1}main{grid-row:2}footer{grid-row:3}
section:first-child{padding-top:1rem}
}
@media print{
html{font-size:10pt}body{display:block;max-width:none;padding:0}
nav,.skip,summary{display:none}
details::details-content{content-visibility:visible;block-size:auto}
.scroll{overflow:visible;background:none;max-height:none!important}
.figure,tr,.terms div,.findings li{break-inside:avoid}
h2,h3,figcaption{break-after:avoid}
section{padding-top:1rem}
}
`);
