/* <time datetime data-elapsed> counts up ("0:42"), <time datetime data-countdown> counts down ("2d 03:12:45").
   Without script the first is empty and the second shows the server's date. */
(() => {
  const days = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "unit", unit: "day", unitDisplay: "narrow" });
  const two = (value) => String(value).padStart(2, "0");

  const spoken = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const day = Math.floor(s / 86400);
    const hour = Math.floor((s % 86400) / 3600);
    const minute = Math.floor((s % 3600) / 60);
    const clock = hour || day ? `${day ? two(hour) : hour}:${two(minute)}:${two(s % 60)}` : `${minute}:${two(s % 60)}`;
    return day ? `${days.format(day)} ${clock}` : clock;
  };

  const tick = () => {
    if (document.hidden) return;
    const now = Date.now();
    for (const element of document.querySelectorAll("time[data-elapsed], time[data-countdown]")) {
      const at = Date.parse(element.dateTime);
      if (Number.isNaN(at)) continue;
      const seconds = "elapsed" in element.dataset ? (now - at) / 1000 : (at - now) / 1000;
      const text = spoken(seconds);
      if (element.textContent !== text) element.textContent = text;
    }
  };

  tick();
  setInterval(tick, 1000);
  document.addEventListener("live:after", tick);
  document.addEventListener("visibilitychange", tick);
})();
