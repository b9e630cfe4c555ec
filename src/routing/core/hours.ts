import type { QueueHours } from '../../conversation/core/index.js';
import type { Millis } from '../../kernel/index.js';

/** Whether a queue is open, by the clocks of its own time zone; one without hours always is. */
export function isOpen(hours: QueueHours | null, now: Millis): boolean {
  if (hours === null) return true;
  const { day, time } = localTime(hours.timeZone, now);
  return hours.open.some((one) => one.day === day && one.from <= time && time < one.to);
}

/** `day`: 1 is Monday, 7 is Sunday; `time`: as `HH:MM`. */
function localTime(timeZone: string, now: Millis): { day: number; time: string } {
  const parts = formatOf(timeZone).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  return { day: DAYS.indexOf(part('weekday')) + 1, time: `${part('hour')}:${part('minute')}` };
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
}
