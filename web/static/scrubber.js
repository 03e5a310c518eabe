// The scrubber: a slider over the published days, and a button that plays them, one day a second.
const STEP = 1000; // ms a day while playing
const REST = 150; // ms without movement after which a dragged day is fetched
const WALK = 1500; // ms within which further days belong to the same entry of the history
const spoken = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" });
const short = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const at = (day) => new Date(`${day}T00:00:00Z`);

export function makeScrubber({ go, prefetch, address, say }) {
  const range = document.getElementById("scrub");
  const button = document.getElementById("play");
  const label = document.getElementById("scrub-day");
  let days = [];
  let resting = 0;
  let walked = -WALK;
  let playing = 0; // number of the play under way, 0 for none
  let plays = 0;
  let timer = 0;

  function show(index) {
    if (!days[index]) return;
    range.setAttribute("aria-valuetext", spoken.format(at(days[index])).replace(",", ""));
    label.textContent = short.format(at(days[index]));
  }
  // Takes over the days and the day of the form. A day that is being dragged stays.
  function sync() {
    const select = document.getElementById("date");
    days = [...select.options].map((option) => option.value).sort();
    range.max = days.length - 1;
    if (resting) return;
    range.value = days.indexOf(select.value);
    show(Number(range.value));
  }
  function mark(on) {
    button.classList.toggle("on", on);
    button.querySelector("span").textContent = on ? "Pause" : "Play";
  }
  function stop(aloud) {
    if (!playing) return;
    playing = 0;
    clearTimeout(timer);
    mark(false);
    if (aloud) say();
  }
  async function step(mine, push) {
    const next = days.indexOf(document.getElementById("date").value) + 1;
    const began = performance.now();
    const came = await go(address(days[next] ?? days[0]), { push, quiet: true });
    if (mine !== playing) return;
    const following = days[(days[next] ? next : 0) + 1];
    if (!came || !following) {
      stop(came);
      return;
    }
    prefetch(address(following));
    timer = setTimeout(() => step(mine, false), Math.max(0, STEP - (performance.now() - began)));
  }
  function play() {
    playing = ++plays;
    mark(true);
    step(playing, true);
  }

  range.addEventListener("input", () => {
    stop();
    show(Number(range.value));
    clearTimeout(resting);
    resting = setTimeout(() => {
      resting = 0;
      const push = performance.now() - walked > WALK;
      walked = performance.now();
      go(address(days[Number(range.value)]), { push });
    }, REST);
  });
  button.addEventListener("click", () => (playing ? stop(true) : play()));
  document.addEventListener("visibilitychange", () => document.hidden && stop());
  sync();
  return { sync, stop };
}
