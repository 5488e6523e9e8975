// Draws the charts of a page when they scroll into view, in the colours of the page's theme.
const { root, plotly } = document.body.dataset;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const narrow = matchMedia("(max-width: 46rem)");
let library;

function loaded() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = plotly;
    script.onload = () => done(window.Plotly);
    script.onerror = () => failed(new Error("The charting library did not load. Reload the page."));
    document.head.append(script);
  });
  return library;
}

function trace({ colour: name, ...rest }) {
  const shown = colour(name);
  return { ...rest, marker: { color: shown }, line: { ...rest.line, color: shown, width: 2 } };
}

function layout(given, several) {
  const axis = { gridcolor: colour("line"), linecolor: colour("line"), zerolinecolor: colour("line") };
  return {
    ...given,
    xaxis: { ...axis, automargin: true, nticks: narrow.matches ? 5 : 8, ...given.xaxis },
    yaxis: { ...axis, automargin: true, ...given.yaxis },
    font: { color: colour("text"), family: "inherit", size: 13 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    bargap: 0.35,
    margin: { l: 48, r: 8, t: 8, b: 40 },
    showlegend: several,
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", traceorder: "normal" },
    hovermode: "x unified",
    hoverlabel: { bgcolor: colour("surface"), font: { color: colour("text") } },
  };
}

async function draw(within) {
  const charts = within.querySelectorAll(".chart[data-spec]");
  if (!charts.length) return;
  const Plotly = await loaded();
  for (const chart of charts) {
    const spec = JSON.parse(chart.dataset.spec);
    await Plotly.react(chart, spec.data.map(trace), layout(spec.layout, spec.data.length > 1), { displayModeBar: false, responsive: true });
  }
}

async function show(place) {
  try {
    if (place.dataset.src) {
      const answer = await fetch(root + place.dataset.src, { headers: { "X-Panel": "1" } });
      if (!answer.ok) throw new Error((await answer.json()).detail);
      place.innerHTML = await answer.text();
    }
    await draw(place);
    place.dataset.drawn = "true";
  } catch (problem) {
    place.textContent = problem.message;
  }
}

const inView = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    inView.unobserve(target);
    show(target);
  }
}, { rootMargin: "200px" });
document.querySelectorAll("[data-charts]").forEach((place) => inView.observe(place));

const again = () => document.querySelectorAll("[data-drawn]").forEach(draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
