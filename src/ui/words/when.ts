/** Times as people read them. */

// Made once: making one takes fifty times as long as using it, and a tree of many peers is full of times.
const timeOfDay = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat([]);

/** "14:05" today, else the date and the time, as the system writes them. */
export function whenWords(at: number, now = Date.now()): string {
    const date = new Date(at);
    const time = timeOfDay.format(date);
    return date.toDateString() === new Date(now).toDateString() ? time : `${day.format(date)} ${time}`;
}
