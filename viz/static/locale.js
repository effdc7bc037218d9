// Dates and numbers as the reader writes them; without scripts they stay as 2011-06-30 and 1,234.
const DATES = {
  7: { year: "numeric", month: "short", timeZone: "UTC" },
  10: { dateStyle: "medium", timeZone: "UTC" },
};

for (const time of document.querySelectorAll("time[datetime]")) {
  const style = DATES[time.dateTime.length]; // a year alone is written the same everywhere
  const day = style && new Date(time.dateTime.length === 7 ? `${time.dateTime}-01` : time.dateTime);
  if (day && !Number.isNaN(day.valueOf())) {
    time.title ||= time.dateTime;
    time.textContent = new Intl.DateTimeFormat(undefined, style).format(day);
  }
}
for (const data of document.querySelectorAll("data[value]")) {
  data.textContent = new Intl.NumberFormat().format(Number(data.value));
}
