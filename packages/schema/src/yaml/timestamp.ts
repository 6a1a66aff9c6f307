const time = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?`;
const form = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]${time}(?:Z|[-+](\d\d):(\d\d))| ${time})?$`);

/** Whether a text is a date, or a date and a time, which must not be mistaken for the text that it is. */
export function isTimestamp(text: string): boolean {
  const found = form.exec(text);
  if (!found) return false;
  const [year = 0, month = 0, day = 0, ...rest] = found.slice(1).map((part) => Number(part ?? 0));
  const [hours = 0, minutes = 0, seconds = 0, zoneHours = 0, zoneMinutes = 0, ...spaced] = rest;
  const [otherHours = 0, otherMinutes = 0, otherSeconds = 0] = spaced;
  return (
    isDate(year, month, day) &&
    isTime(hours, minutes, seconds) &&
    isTime(otherHours, otherMinutes, otherSeconds) &&
    zoneHours <= 24 &&
    zoneMinutes <= 60
  );
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lastDay = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number;
  return day <= lastDay;
}

function isTime(hours: number, minutes: number, seconds: number): boolean {
  return hours < 24 && minutes < 60 && seconds < 60;
}
