"""The switchboard's page: one slider for each fault, which takes effect when it is moved."""

from html import escape

from telemetry.demo.faults import Faults, described

_MOST = {
    "error_rate": 1,
    "latency": 5,
    "taken_connections": 10,
    "slow_query": 5,
    "scraper_failure": 1,
    "log_flood": 500,
}
_STEPS = {"taken_connections": 1, "log_flood": 10}
_SLIDERS = "\n".join(
    f"<label>{escape(name.replace('_', ' '))} <output>{value}</output>"
    f'<input type="range" name="{name}" min="0" max="{_MOST[name]}" step="{_STEPS.get(name, 0.05)}" value="0"></label>'
    for name, value in described(Faults()).items()
)

PAGE = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>OpenPolicy demo: switchboard</title>
<style>
body {{ font: 16px system-ui; max-width: 34rem; margin: 3rem auto }}
label {{ display: grid; grid-template-columns: 1fr 4rem; margin: 1rem 0 }}
input {{ grid-column: 1 / 3 }}
</style>
<h1>Break something</h1>
<form>{_SLIDERS}<button type="reset">Put everything right</button></form>
<script>
const form = document.querySelector("form");
const sliders = [...form.querySelectorAll("input")];
const show = () => sliders.forEach(each => each.previousElementSibling.value = each.value);
const send = async () => {{
  show();
  const faults = Object.fromEntries(sliders.map(each => [each.name, Number(each.value)]));
  await fetch("/demo/faults", {{method: "PUT", body: JSON.stringify(faults), headers: {{"Content-Type": "application/json"}}}});
}};
form.addEventListener("change", send);
form.addEventListener("reset", () => setTimeout(send));
fetch("/demo/faults").then(answer => answer.json()).then(faults => {{
  sliders.forEach(each => each.value = faults[each.name]);
  show();
}});
</script>
"""  # noqa: E501 JavaScript
